"""Scenes of the county's desk: the board, the sums, what does not tie out, what is twice, a stick that was taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.consolidation.inbox import Fate, Inbox, InboxFile
from gengdi_desktop.ui.pages.county_page import CountyPage
from gengdi_desktop.ui.pages.county_sections import BoardSection, InboxSection, SumsSection
from gengdi_desktop.ui.pages.county_triggers import TriggersSection
from gengdi_desktop.ui.pages.county_view import KINDS
from tests.gui.scenes_sampling import open_county
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]


def county_page(stage: Stage) -> CountyPage:
    """The county's page of an open window."""
    page = stage.window.page
    assert isinstance(page, CountyPage)
    return page


def stick() -> Inbox:
    """A stick with a bit of everything on it."""
    folder = Path("/media/U盘/报送")
    files = (
        InboxFile(folder / "白圩乡_报送_第2次.gdpkg", Fate.TAKEN, "白圩乡人民政府", "报送包（第 2 次）", "",
                  "收下了。", entry=9),
        InboxFile(folder / "白圩乡_报送_第1次.gdpkg", Fate.OLDER, "白圩乡人民政府", "报送包（第 1 次）", "stale",
                  "这个包比收过的旧，没有收。", "以新的为准，不用做什么。"),
        InboxFile(folder / "七里乡_报送_第1次.gdpkg", Fate.REFUSED, "", "", "cut_short",
                  "“七里乡_报送_第1次.gdpkg”没有拷贝完整，少了后面一截。", "请对方重新拷贝一次，拔盘前先弹出。"),
        InboxFile(folder / "李渡镇_报送_第1次.gdpkg", Fate.AGAIN, "李渡镇人民政府", "报送包（第 1 次）", "",
                  "这个包以前收过，台账没有变。"),
        InboxFile(folder / "李渡镇_任务_第1次.gdpkg", Fate.ELSEWHERE, "进贤县自然资源局", "任务包（第 1 次）",
                  "own_package", "这个包是本台账自己打的，没有收下，台账没有变。"),
    )  # fmt: skip
    return Inbox(files, (), cut=False, stopped=False)


def county_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Name and bringer of each scene; *open_desk* opens a ledger."""

    def side(code: str) -> Bring:
        def bring(stage: Stage, desk: Path) -> None:
            open_county(stage, desk, open_desk)
            stage.go("county", {"section": code})

        return bring

    def kinds(stage: Stage, desk: Path) -> None:
        side("sums")(stage, desk)
        sums = county_page(stage).tabs.of(SumsSection)
        sums.by.choose(KINDS)
        sums.by.activated.emit(0)

    def taken(stage: Stage, desk: Path) -> None:
        side("inbox")(stage, desk)
        county_page(stage).tabs.of(InboxSection).show_inbox(stick())

    def followed(stage: Stage, desk: Path) -> None:
        side("board")(stage, desk)
        county_page(stage).tabs.of(BoardSection).open(2)

    def named(stage: Stage, desk: Path) -> None:
        side("triggers")(stage, desk)
        section = county_page(stage).tabs.of(TriggersSection)
        for field, said in ((section.points, "20"), (section.outflow, "30"), (section.unlawful, "18")):
            field.setText(said)
        section.source.setText("进府办字〔2023〕50号")
        section.set_limits()
        stage.settle()

    def home(stage: Stage, desk: Path) -> None:
        open_county(stage, desk, open_desk)
        stage.go("home")

    return (
        ("county", side("board")),
        ("county-sums", side("sums")),
        ("county-kinds", kinds),
        ("county-ties", side("ties")),
        ("county-twins", side("twins")),
        ("county-inbox", taken),
        ("county-followed", followed),
        ("county-home", home),
        ("county-no-triggers", side("triggers")),
        ("county-triggers", named),
    )
