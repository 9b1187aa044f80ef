"""The import page on a list that is issued again, and on a cell that a person says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gengdi_desktop.demo.sample_plots import SAMPLE_UNIT, unit_plots
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.system.reference import divisions
from gengdi_desktop.ui.pages.intake_page import IntakePage
from tests.gui.window_stage import Stage

Bring = Callable[[Stage, Path], None]
HALF = Area.parse("0.50")


def intake_page(stage: Stage) -> IntakePage:
    """The import page of an open window."""
    page = stage.window.page
    assert isinstance(page, IntakePage)
    return page


def changed_areas() -> tuple[tuple[str, str], ...]:
    """Old and new area of the two plots that the second issue changes."""
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    areas = [plot.cultivated_area for plot in unit_plots(divisions(), unit)]
    return tuple((areas[at].exact(), Area.total((areas[at], HALF)).exact()) for at in (5, 18))


def second_issue(folder: Path) -> Path:
    """The sample's list again: two areas are other ones, two plots are missing, one is new."""
    unit = divisions().by_code(SAMPLE_UNIT)
    assert unit is not None
    plots = unit_plots(divisions(), unit)
    rows = ["白圩乡耕地流出图斑清单（重新下发）", "单位：亩", "序号,标识码,村名,图斑编号,年度,耕地面积"]
    for at, plot in enumerate(plots[2:], 1):
        area = Area.total((plot.cultivated_area, HALF)) if at in {4, 17} else plot.cultivated_area
        rows.append(f"{at},{plot.bsm},{plot.village.name},{plot.number},{plot.year},{area.exact()}")
    last = plots[-1]
    rows.append(f"{len(plots) - 1},360124{'9' * 12},{last.village.name},9999,{last.year},1.25")
    made = folder / "白圩乡重新下发清单.csv"
    made.write_bytes("\r\n".join(rows).encode("gb18030"))
    return made


def intake_scenes(open_desk: Bring) -> tuple[tuple[str, Bring], ...]:
    """Names and ways; *open_desk* opens the sample ledger."""

    def asked(stage: Stage, desk: Path) -> None:
        open_desk(stage, desk)
        stage.go("intake", {"file": str(second_issue(desk.parent))})

    def compared(stage: Stage, desk: Path) -> None:
        asked(stage, desk)
        page = intake_page(stage)
        assert page._view is not None
        page._strip.chosen.emit("", "", page._view.known_lists[0])
        stage.settle()

    return (("intake-again", asked), ("intake-reissue", compared))
