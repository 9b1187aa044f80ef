"""The log helps, and names nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gengdi_desktop.system.logs import masked, start_logging, stop_logging


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield start_logging(tmp_path)
    stop_logging()


def test_names_numbers_and_places_do_not_reach_the_log(log: Path) -> None:
    logger = logging.getLogger("gengdi_desktop.test")
    logger.info("opened %s for %s, telephone %s", "/台账/白圩乡", "张三", "13800138000")
    try:
        int("身份证 360124198001011234")
    except ValueError:
        logger.info("failed", exc_info=True)
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text
    assert "opened" in text
    for secret in ("白圩", "张三", "13800138000", "360124198001011234", "身份证"):
        assert secret not in text


def test_what_is_ours_stays_readable() -> None:
    assert masked("12 rows of 106 in 2.5 s, code disk_full") == "12 rows of 106 in 2.5 s, code disk_full"


def test_the_log_is_kept_small(log: Path) -> None:
    logger = logging.getLogger("gengdi_desktop.test")
    for _ in range(50):
        logger.info("x" * 100_000)
    files = sorted(log.parent.iterdir())
    assert len(files) == 4
    assert all(path.stat().st_size < 1_100_000 for path in files)


def test_starting_again_does_not_write_twice(log: Path) -> None:
    start_logging(log.parent)
    logging.getLogger("gengdi_desktop.test").info("once")
    assert log.read_text(encoding="utf-8").count("once") == 1
