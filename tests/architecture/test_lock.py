"""The lock file names every package by version and hash, and no place to get it from."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from tests.architecture.source import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_lock_file_has_no_addresses() -> None:
    assert not re.search(r"://|--index|--find-links|--extra-index|\.(com|org|io|net|cn)\b| @ ", LOCK)


def test_every_package_has_a_hash() -> None:
    blocks = re.split(r"(?m)^(?=[a-z0-9])", LOCK)[1:]
    assert len(blocks) > 50
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_every_dependency_is_locked() -> None:
    locked = {name for name, _ in PINNED.findall(LOCK)}
    asked = [*project()["project"]["dependencies"], *project()["dependency-groups"]["dev"]]
    names = {NAME.match(line).group().lower().replace(".", "-").replace("_", "-") for line in asked}  # type: ignore[union-attr]
    assert names - locked == set()


def test_the_version_stands_in_one_place() -> None:
    assert "version" in project()["project"]["dynamic"]
    assert "version" not in project()["project"]
