"""The page of verification in each of its verdicts, and the dialog that compares a fingerprint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.ui.pages.verify_page import VerifyPage
from tests.gui.window_stage import Stage
from tests.helpers import signed_pdfs

Bring = Callable[[Stage, Path], None]


def verify_page(stage: Stage) -> VerifyPage:
    """The page of verification of an open window."""
    page = stage.window.page
    assert isinstance(page, VerifyPage)
    return page


def verify_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Names and ways; *open_desk* opens the sample ledger."""

    def shown(file: str, data: bytes) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_desk(stage, desk)
            path = desk.parent / file
            path.write_bytes(data)
            stage.go("verify", {"file": str(path)})

        return bring

    def empty(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("verify")

    def asked(stage: Stage, desk: Path) -> None:
        shown("报告.pdf", signed_pdfs.good()[2])(stage, desk)
        stage.settle()
        verify_page(stage)._ask(signed_pdfs.person("王玥").certificate)

    def trusted(stage: Stage, desk: Path) -> None:
        shown("自查报告.pdf", signed_pdfs.good()[2])(stage, desk)
        for certificate in signed_pdfs.good_trust():
            verify_page(stage)._trust(certificate)
        stage.settle()

    changed = signed_pdfs.good()[2] + b"\n% another page"
    return (
        ("verify", empty),
        (
            "verify-unknown",
            shown("白圩乡人民政府关于2023年整改工作情况的函.pdf", signed_pdfs.good()[2]),
        ),
        ("verify-missing", shown("报告.pdf", signed_pdfs.good()[1])),
        ("verify-changed", shown("报告.pdf", changed)),
        ("verify-trust", asked),
        ("verify-good", trusted),
    )
