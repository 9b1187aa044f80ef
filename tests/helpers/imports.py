"""Imports as tests make them: small lists with one row a plot, taken in and looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gengdi_desktop.intake import service
from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import PlotQuery, plot_card, plot_ids
from tests.helpers.foreign_tables import Rows, write_xlsx
from tests.helpers.ledgers import CLERK

HEAD = ["序号", "村", "图斑编号", "标识码", "耕地面积（亩）", "流出年度", "责任人电话", "备注"]
_PARTS = ("imported", "changed", "duplicates", "skipped", "refused")


def line(number: int, area: Any = 1.5, **changes: Any) -> list[Any]:
    """A row of a list under :data:`HEAD`."""
    values = {
        "seq": number,
        "village": "白圩村",
        "plot_no": f"{number:04d}",
        "bsm": f"36012411000000{number:04d}",
        "area": area,
        "year": 2022,
        "phone": "",
        "remark": "",
    }
    return list((values | changes).values())


def table(tmp_path: Path, rows: Rows, name: str = "清单.xlsx", title: str = "白圩乡流出图斑清单", **more: Rows) -> Path:
    """A workbook whose first sheet has a title, :data:`HEAD` and these rows."""
    return write_xlsx(tmp_path / name, {"清单": [[title], HEAD, *rows], **more}, merges=[(0, 0, 0, 7)])


def take(ledger: Ledger, path: Path, *, partial: bool = False, dry_run: bool = False, **options: Any) -> ImportOutcome:
    """Preview and import a file; every row of it must be accounted for."""
    with service.preview(ledger, path, ImportOptions(**options)) as found:
        outcome = service.run(ledger, found, by=CLERK, partial=partial, dry_run=dry_run)
    assert outcome.rows == sum(getattr(outcome, name) for name in _PARTS)
    return outcome


def plots(ledger: Ledger) -> list[dict[str, Any]]:
    """The facts of all plots in the order in which they came."""
    return [dict(plot_card(ledger, plot).facts) for plot in plot_ids(ledger, PlotQuery(order="position"))]


def identifiers(ledger: Ledger) -> list[tuple[tuple[str, str], ...]]:
    """The identifiers of all plots in the order in which they came."""
    return [plot_card(ledger, plot).identifiers for plot in plot_ids(ledger, PlotQuery(order="position"))]


def codes(outcome: ImportOutcome) -> list[str]:
    """The codes of what is wrong."""
    return [problem.code for problem in outcome.problems]


def noted(outcome: ImportOutcome) -> list[tuple[str, int | None, str]]:
    """Notes, without the one that every list without a township column has."""
    return [(note.sheet, note.row, note.code) for note in outcome.notes if note.code != "township_assumed"]


def entries(ledger: Ledger) -> int:
    """How many journal entries there are."""
    return len(history(ledger, limit=100))
