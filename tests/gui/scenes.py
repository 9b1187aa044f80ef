"""Every page and dialog, brought up by the ways of the window itself, for the gallery and its test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.system.crash_log import CrashReport
from gengdi_desktop.ui.crash_dialog import CrashSheet
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog
from gengdi_desktop.ui.dialogs.new_ledger_dialog import NewLedgerDialog
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from gengdi_desktop.ui.pages.members_page import MembersPage
from tests.gui.window_stage import Stage
from tests.helpers.plots import TODAY


@dataclass(frozen=True)
class Scene:
    """A name for the picture, and what brings it up on a fresh window."""

    name: str
    set_up: Callable[[Stage, Path], None]


def _start(stage: Stage, desk: Path) -> None:
    stage.opening._preferences.opened(desk)
    stage.opening.show_start()


def _first_start(stage: Stage, _desk: Path) -> None:
    stage.opening.show_start()


def _new_ledger(stage: Stage, _desk: Path) -> None:
    dialog = NewLedgerDialog(stage.prompts, "/home/wu/台账", TODAY)
    dialog._county.insert("进贤县")
    dialog._unit.insert("白圩乡")
    dialog._propose_name()
    stage.window.open_dialog(dialog)


def _page(code: str, **wish: str) -> Callable[[Stage, Path], None]:
    def bring(stage: Stage, desk: Path) -> None:
        _open(stage, desk)
        stage.go(code, wish or None)

    return bring


def _open(stage: Stage, desk: Path) -> None:
    stage.open(desk)
    stage.window.member_chosen.emit("吴小琴")
    page = stage.window.page
    assert page is not None
    page.messages.clear()


def ledger_page(stage: Stage) -> LedgerPage:
    """The ledger page of an open window."""
    page = stage.window.page
    assert isinstance(page, LedgerPage)
    return page


def _who(stage: Stage, desk: Path) -> None:
    stage.open(desk)


def _pane(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    stage.go("ledger", {"view": "returned"})
    ledger_page(stage)._open_pane()


def _nothing_found(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    stage.go("ledger", {"text": "没有这样的村"})


def _action(code: str, state: str) -> Callable[[Stage, Path], None]:
    def bring(stage: Stage, desk: Path) -> None:
        _open(stage, desk)
        stage.go("ledger", {"state": state})
        page = ledger_page(stage)
        page._open_pane()
        stage.settle()
        page.act(code)

    return bring


def _refused(stage: Stage, desk: Path) -> None:
    _action("claim", "working")(stage, desk)
    stage.settle()
    dialog = stage.window.dialog
    assert dialog is not None
    dialog._act()  # type: ignore[attr-defined]


def _campaign(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    stage.go("members")
    page = stage.window.page
    assert isinstance(page, MembersPage)
    page._ask_campaign()


def _member(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    stage.go("members")
    stage.window.open_dialog(MemberDialog())


def _crash(stage: Stage, _desk: Path) -> None:
    text = "2023-08-20T08:31:00+00:00 gengdi 0.1.0 Python 3.11.2 Linux\n" + "  in ledger.page, line 12\n" * 12
    stage.window.open_dialog(CrashSheet(CrashReport(text, Path("crash.log")), last_time=True, forget=lambda: None))


SCENES = (
    Scene("start", _start),
    Scene("start-first", _first_start),
    Scene("start-new", _new_ledger),
    Scene("home", _page("home")),
    Scene("home-who", _who),
    Scene("ledger", _page("ledger")),
    Scene("ledger-pane", _pane),
    Scene("ledger-nothing", _nothing_found),
    Scene("action-progress", _action("progress", "working")),
    Scene("action-accept", _action("accept", "claimed")),
    Scene("action-check", _action("correct", "working")),
    Scene("action-refused", _refused),
    Scene("members", _page("members")),
    Scene("members-campaign", _campaign),
    Scene("members-new", _member),
    Scene("crash", _crash),
)
