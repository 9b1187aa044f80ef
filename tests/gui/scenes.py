"""Every page and dialog, brought up by the ways of the window itself, for the gallery and its test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.ledger.service import NewLedger, create_ledger
from gengdi_desktop.system.crash_log import CrashReport
from gengdi_desktop.ui.crash_dialog import CrashSheet
from gengdi_desktop.ui.dialogs.new_ledger_dialog import NewLedgerDialog
from gengdi_desktop.ui.jobs import Job, Lane, Shown
from gengdi_desktop.ui.pages.ledger_page import LedgerPage
from tests.gui.scenes_county import county_scenes
from tests.gui.scenes_desk import desk_scenes
from tests.gui.scenes_editing import editing_scenes
from tests.gui.scenes_evidence import evidence_scenes
from tests.gui.scenes_exchange import exchange_scenes
from tests.gui.scenes_help import help_scenes
from tests.gui.scenes_intake import intake_scenes
from tests.gui.scenes_map import map_scenes
from tests.gui.scenes_outlines import outline_scenes
from tests.gui.scenes_reports import report_scenes
from tests.gui.scenes_sampling import sampling_scenes
from tests.gui.scenes_settings import settings_scenes
from tests.gui.scenes_sheets import sheet_scenes
from tests.gui.scenes_table import table_scenes
from tests.gui.scenes_verify import verify_scenes
from tests.gui.window_stage import Stage
from tests.helpers.clock import FixedClock
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
    stage.opening._preferences.set(recent_ledgers=())
    stage.opening.show_start()


def _new_ledger(stage: Stage, _desk: Path) -> None:
    dialog = NewLedgerDialog(stage.prompts, stage.jobs, "/home/wu/台账", TODAY, "吴小琴")
    stage.window.open_dialog(dialog)
    dialog._unit.line.setText("baix")
    dialog._unit._search()


def _new_ledger_chosen(stage: Stage, desk: Path) -> None:
    _new_ledger(stage, desk)
    dialog = stage.window.dialog
    assert isinstance(dialog, NewLedgerDialog)
    stage.settle()
    dialog._unit.line.setText("白圩乡")
    dialog._unit.settle(lambda _unit: None)


def _page(code: str, **wish: str) -> Callable[[Stage, Path], None]:
    def bring(stage: Stage, desk: Path) -> None:
        _open(stage, desk)
        stage.go(code, wish)

    return bring


def _open(stage: Stage, desk: Path) -> None:
    context = stage.opening.context
    if context is None or context.facts.folder != str(desk):
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
    stage.opening._preferences.set(last_member={})
    stage.opening.leave()
    stage.settle()
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


def _crash(stage: Stage, _desk: Path) -> None:
    text = "2023-08-20T08:31:00+00:00 gengdi 0.1.0 Python 3.11.2 Linux\n" + "  in ledger.page, line 12\n" * 12
    stage.window.open_dialog(CrashSheet(CrashReport(text, Path("crash.log")), last_time=True, forget=lambda: None))


def _preview(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    stage.go("intake", {"file": str(issued_list(desk.parent))})


def issued_list(folder: Path) -> Path:
    """A list as the county might issue it, with two rows that cannot be taken in."""
    made = folder / "白圩乡流出图斑清单.csv"
    rows = [
        "白圩乡2021—2022年度耕地流出图斑整改清单,,,,,,",
        "填报单位：白圩乡人民政府,,,,,单位：亩,",
        "序号,村名,图斑编号,年度,流出面积,现状地类,联络本",
        "1,白圩乡赛阳关果场社区居民委员会,0002,2022,0.82,农村道路,",
        "2,上街社区,0011,2021,4.24,设施农用地,已动工",
        "3,致岭村,3.60124E+17,2022,1.06,果园,",
        "4,致岭村,0014,2022,2亩3分,果园,",
        "合计,4个,,,8.42,,",
    ]
    made.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return made


def _nothing_to_report(stage: Stage, desk: Path) -> None:
    empty = desk.parent / "空台账"
    if not empty.exists():
        new = NewLedger(desk=Desk.TOWNSHIP, county="进贤县", unit="白圩乡", member="吴小琴")
        create_ledger(empty, new, FixedClock()).close()
    _open(stage, empty)
    stage.go("reports")


def _empty_home(stage: Stage, desk: Path) -> None:
    _nothing_to_report(stage, desk)
    stage.go("home")


def _long_work(stage: Stage, desk: Path) -> None:
    _open(stage, desk)
    job = Job(Shown("导入清单", "行"), Lane.WRITE, None, None, None, None)
    job.steps = (64_000, 100_000)
    job.started -= 40
    display = stage.window.display
    display._jobs._running.add(job)
    display.look()
    display._jobs._running.discard(job)


SCENES = (
    Scene("start", _start),
    Scene("start-first", _first_start),
    Scene("start-new", _new_ledger),
    Scene("start-new-chosen", _new_ledger_chosen),
    Scene("home", _page("home")),
    Scene("home-who", _who),
    *(Scene(name, bring) for name, bring in desk_scenes(_open)),
    Scene("ledger", _page("ledger")),
    Scene("ledger-pane", _pane),
    Scene("ledger-nothing", _nothing_found),
    *(Scene(name, bring) for name, bring in editing_scenes(_open)),
    *(Scene(name, bring) for name, bring in table_scenes(_open)),
    Scene("action-progress", _action("progress", "working")),
    Scene("action-accept", _action("accept", "claimed")),
    Scene("action-check", _action("correct", "working")),
    Scene("action-refused", _refused),
    Scene("intake", _page("intake")),
    Scene("intake-preview", _preview),
    *(Scene(name, bring) for name, bring in help_scenes(_open)),
    *(Scene(name, bring) for name, bring in intake_scenes(_open)),
    *(Scene(name, bring) for name, bring in report_scenes(_open)),
    *(Scene(name, bring) for name, bring in evidence_scenes(_open)),
    Scene("reports-nothing", _nothing_to_report),
    *(Scene(name, bring) for name, bring in verify_scenes(_open)),
    Scene("home-empty", _empty_home),
    *(Scene(name, bring) for name, bring in settings_scenes(_open)),
    *(Scene(name, bring) for name, bring in map_scenes(_open)),
    *(Scene(name, bring) for name, bring in exchange_scenes(_open)),
    *(Scene(name, bring) for name, bring in outline_scenes(_open)),
    *(Scene(name, bring) for name, bring in sheet_scenes(_open)),
    *(Scene(name, bring) for name, bring in sampling_scenes(_open)),
    *(Scene(name, bring) for name, bring in county_scenes(_open)),
    Scene("crash", _crash),
    Scene("long-work", _long_work),
)
