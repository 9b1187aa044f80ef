"""Files come out of a verified PDF as the bytes that were judged, under names that lead nowhere else."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gengdi_desktop.errors import RuleError
from gengdi_desktop.signing.taking_out import plain_name, take_out
from gengdi_desktop.signing.verdict import Verification
from gengdi_desktop.signing.verify import verify_pdf
from tests.helpers import signed_pdfs as made


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Verification]:
    """A signed report with a file inside, and the verdict on it."""
    path = tmp_path / "报告.pdf"
    path.write_bytes(made.good()[-1])
    found = verify_pdf(path, made.good_trust(), now=made.SIGNED_AT + timedelta(days=1))
    assert found.attachments
    return path, found


def test_what_was_judged_comes_out_and_nothing_is_written_over(
    signed: tuple[Path, Verification], tmp_path: Path
) -> None:
    path, found = signed
    first, second = (take_out(path, found, tmp_path / "取出") for _time in range(2))
    for taken in (first, second):
        digests = [hashlib.sha256(one.read_bytes()).hexdigest() for one in taken]
        assert digests == [one.sha256 for one in found.attachments]
    assert [one.name for one in first] == [one.name for one in found.attachments]
    assert second[0].stem == f"{first[0].stem}-2"


def test_nothing_comes_out_of_an_altered_file(signed: tuple[Path, Verification], tmp_path: Path) -> None:
    path, found = signed
    with pytest.raises(RuleError) as refusal:
        take_out(path, replace(found, intact=False), tmp_path / "取出")
    assert refusal.value.code == "not_intact"
    assert not (tmp_path / "取出").exists()


def test_a_file_that_changed_since_gives_nothing(signed: tuple[Path, Verification], tmp_path: Path) -> None:
    path, found = signed
    other = replace(found.attachments[0], sha256="0" * 64)
    with pytest.raises(RuleError) as refusal:
        take_out(path, replace(found, attachments=(other,)), tmp_path / "取出")
    assert refusal.value.code == "changed_since"
    assert not (tmp_path / "取出").exists()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("整改台账.xlsx", "整改台账.xlsx"),
        ("../../home/.bashrc", "bashrc"),
        ("C:\\Windows\\a.dll", "a.dll"),
        ('a?b*".json', "a_b__.json"),
        ("..", "附件"),
        ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_a_strangers_name_leads_nowhere(written: str, plain: str) -> None:
    assert plain_name(written) == plain
