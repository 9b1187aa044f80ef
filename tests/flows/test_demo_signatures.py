"""The signed letter of the sample under attack, judged from the command line: 0 for the good one, 1 for each other."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest

from gengdi_desktop.signing import pdf as signing
from gengdi_desktop.signing.pdf import field_states
from tests.flows.test_signature_attacks import (
    annotate,
    appended,
    flipped,
    paint_over,
    saved_anew,
    strip_signatures,
    swap_attachment,
)
from tests.helpers import signed_pdfs as made
from tests.helpers.command_line import Line

if TYPE_CHECKING:
    from tests.flows.conftest import Demo


def revisions(pdf: bytes) -> list[bytes]:
    """What the file was at each of its ends: with no signature, with one, with two."""
    ends, place = [], pdf.find(b"%%EOF")
    while place >= 0:
        ends.append(place + len(b"%%EOF\n"))
        place = pdf.find(b"%%EOF", place + 1)
    return [pdf[:end] for end in ends]


def unsigned(pdf: bytes) -> bytes:
    """The letter with its fields empty."""
    return next(one for one in reversed(revisions(pdf)) if not any(field.signed for field in field_states(one)))


def page_byte_flipped(pdf: bytes) -> bytes:
    """One bit in the content of the first page."""
    return flipped(pdf, pdf.index(b"stream", pdf.index(b"/Contents")) + 60)


def attached_byte_flipped(pdf: bytes) -> bytes:
    """One bit in the ledger that travels inside."""
    return flipped(pdf, pdf.index(b"stream", pdf.index(b"/EmbeddedFile")) + 60)


def signed_by_strangers(pdf: bytes) -> bytes:
    """The same letter, signed by two others who give themselves the same names."""
    letter = unsigned(pdf)
    for field, name in zip(field_states(letter), ("吴小琴（样例）", "李建国（样例）"), strict=True):
        letter = signing.sign(letter, field.name, made.person(name), at=made.SIGNED_AT)
    return letter


def last_by_a_stranger(pdf: bytes) -> bytes:
    """The clerk's own signature, and a stranger in the place of the leader."""
    first = next(one for one in revisions(pdf) if [field.signed for field in field_states(one)] == [True, False])
    return signing.sign(first, field_states(first)[1].name, made.person("李建国（样例）"), at=made.SIGNED_AT)


ATTACKS: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "one byte of a page flipped": (page_byte_flipped, {"content_changed"}),
    "one byte of the ledger inside flipped": (attached_byte_flipped, {"content_changed"}),
    "a page painted over": (lambda pdf: appended(pdf, paint_over), {"changed_after_signing"}),
    "an annotation added": (lambda pdf: appended(pdf, annotate), {"changed_after_signing"}),
    "the attachment swapped": (lambda pdf: appended(pdf, swap_attachment), {"changed_after_signing"}),
    "cut back to one signature": (lambda pdf: revisions(pdf)[-2], {"incomplete"}),
    "cut back to none": (unsigned, {"unsigned"}),
    "signed by strangers": (signed_by_strangers, {"signer_unknown"}),
    "signed last by a stranger": (last_by_a_stranger, {"signer_unknown"}),
    "stripped": (lambda pdf: saved_anew(pdf, strip_signatures), {"unsigned"}),
}


def test_the_letter_is_good_as_it_was_signed(demo: Demo, line: Line) -> None:
    told = line("verify", demo.report, "--ledger", demo.ledger)
    assert (told["intact"], told["trusted"], told["missing"], told["problems"]) == (True, True, [], [])
    assert [one["covers_whole_file"] for one in told["signatures"]] == [False, True]
    with pikepdf.open(demo.report) as opened:
        assert len(opened.attachments) == 3


def test_pdfsig_calls_both_signatures_valid_and_the_last_one_whole(demo: Demo) -> None:
    told = subprocess.run(["pdfsig", "-nocert", demo.report], capture_output=True, text=True, check=True).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 2
    first, second = told.split("Signature #2")
    assert "Not total document signed" in first
    assert "- Total document signed" in second


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attacked_letter_is_not_believed(attack: str, demo: Demo, line: Line, tmp_path: Path) -> None:
    attacked, codes = ATTACKS[attack]
    path = tmp_path / "整改工作报告.pdf"
    path.write_bytes(attacked(demo.report.read_bytes()))
    told = line("verify", path, "--ledger", demo.ledger, code=1)
    assert codes <= {problem["code"] for problem in told["problems"]}
    assert all(problem["message"] for problem in told["problems"])
    assert not (told["intact"] and told["trusted"]) or told["missing"]
