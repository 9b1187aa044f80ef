"""Every figure of the signed paper, counted again from the issued workbook and the journal and from nothing else."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.reports import drafts, service
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import FigureFact, Snapshot
from gengdi_desktop.system.clock import SystemClock
from tests.unit.reports.pages import read_pages
from tests.unit.reports.reading_back import FIGURE, body_text, shown, unexplained

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

Tables = dict[str, dict[Any, dict[str, Any]]]
BUCKETS = ("restored", "proved", "regularised", "quota_offset", "inout_offset", "other")
DONE = {"accepted": "in_place", "county_accepted": "in_place", "closed": "closed"}
KINDS = {"非农化": "non_farm", "非粮化": "non_grain", "撂荒": "abandoned", "其他": "other"}
OPEN_AGAIN = {"checked", "planned", "working", "works_done"}
NOT_LATE = {"cancelled", "split", *DONE}


def issued_rows(path: Path) -> dict[str, dict[str, Any]]:
    """The issued workbook by 标识码, read without our own reader."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    return {
        str(row[6]): {
            "township": row[3],
            "village": row[4],
            "plot_no": row[5],
            "issued": Decimal(str(row[15])),
            "basic": Decimal(str(row[16])),
            "kind": KINDS[str(row[18])],
        }
        for row in rows
    }


def replayed(ledger: Path, until: int) -> Tables:
    """The tables as the journal leaves them after entry ``until``, carried out by hand."""
    connection = sqlite3.connect(f"file:{ledger / 'ledger.gengdi'}?mode=ro", uri=True)
    try:
        query = "SELECT body FROM journal_block WHERE seq <= ? ORDER BY seq, part"
        bodies = [zlib.decompress(body) for (body,) in connection.execute(query, (until,))]
    finally:
        connection.close()
    tables: Tables = defaultdict(dict)
    for body in bodies:
        for item in json.loads(body):
            if item[0] == "+*":
                _operation, table, fields, rows = item
                for row in rows:  # the key stands first
                    tables[table][row[0]] = _row(zip(fields, row, strict=True))
                continue
            operation, table, key, fields = item
            if operation == "-":
                del tables[table][key]
            else:
                tables[table].setdefault(key, _row()).update({name: new for name, (_old, new) in fields.items()})
    return tables


def _row(values: Iterable[tuple[str, Any]] = ()) -> dict[str, Any]:
    """A row; fields that an entry does not name are null."""
    row: dict[str, Any] = defaultdict(lambda: None)
    row.update(values)
    return row


def label(state: str, settled: int) -> str:
    """The first label that fits, under the sample's rule."""
    if state == "cancelled":
        return "cancelled"
    if state in DONE:
        return DONE[state]
    return "awaiting" if state == "claimed" else "partial" if settled else "unrectified"


def plots_of(tables: Tables, issued: Mapping[str, Mapping[str, Any]], today: str) -> list[dict[str, Any]]:
    """Plots in the shape of a snapshot, but counted from the list and the journal."""
    codes = {row["plot_id"]: row["value"] for row in tables["identifier"].values() if row["kind"] == "bsm"}
    campaign = next(iter(tables["campaign"].values()))
    files = Counter(row["plot_id"] for row in tables["attachment"].values() if not row["removed"])
    held = {row["plot_id"] for row in tables["hold"].values() if not row["released_on"]}
    found = []
    for key, plot in tables["plot"].items():
        current = plot["round"] or 1  # a list leaves it at the schema's default
        one = tables["round"].get(f"{key}:{current}", _row())
        buckets = {name: one.get(name) or 0 for name in BUCKETS}
        settled = sum(buckets.values())
        deadline = one.get("deadline") or campaign["hard_deadline"]
        listed = issued[codes[key]]
        found.append(
            {
                **listed,
                "issued": str(listed["issued"]),
                "basic": str(listed["basic"]),
                "kind": plot["problem_kind"] or listed["kind"],
                "state": plot["state"],
                "label": label(plot["state"], settled),
                "checked_on": plot["checked_on"],
                "finding": plot["finding"],
                "rectify": plot["rectify"],
                "disposal": one.get("disposal_class") or "",
                "buckets": {name: str(Decimal(value) / 1_000_000) for name, value in buckets.items()},
                "overdue": plot["state"] not in NOT_LATE and deadline < today,
                "returned": bool(one.get("returned_on")) and plot["state"] in OPEN_AGAIN,
                "held": plot["held"] and key in held,
                "files": files[key],
                "round": current,
            }
        )
    return found


@pytest.fixture(scope="module")
def counted(demo: Demo) -> list[dict[str, Any]]:
    """The plots as they stood when the letter was frozen."""
    head = service.stated_head(demo.report)
    return plots_of(replayed(demo.ledger, head.seq), issued_rows(demo.issued.path), "2023-08-20")


def test_every_figure_of_the_signed_letter_is_that_of_the_list_and_the_journal(
    demo: Demo, counted: list[dict[str, Any]]
) -> None:
    pdf = demo.report.read_bytes()
    assert len(FIGURE.findall(body_text(pdf))) > 30
    assert unexplained(pdf, counted, []) == []


def test_every_village_of_the_table_is_counted_right(demo: Demo, counted: list[dict[str, Any]]) -> None:
    lines = [line.text.replace(" ", "") for page in read_pages(demo.report.read_bytes()) for line in page.lines]
    by_village: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for plot in counted:
        by_village[plot["village"]].append(plot)
    for village, plots in by_village.items():
        done = [plot for plot in plots if plot["label"] in {"closed", "in_place"}]
        said = f"{len(plots)}{shown(_issued(plots))}{len(done)}{shown(_issued(done))}"
        assert any(line.startswith(village) and said in line for line in lines), (village, said)
    whole = [plot for plot in counted if plot["label"] in {"closed", "in_place"}]
    total = f"合计{len(counted)}{shown(_issued(counted))}{len(whole)}{shown(_issued(whole))}"
    assert any(line.startswith(total) for line in lines)


def _issued(plots: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(plot["issued"]) for plot in plots), Decimal(0))


def test_the_annex_has_every_plot_of_the_list_with_its_area(demo: Demo, counted: list[dict[str, Any]]) -> None:
    path = next(one for one in demo.walked.files if one.name.endswith("整改台账.xlsx"))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heads = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "序号")
    code, area = heads.index("标识码"), heads.index("下发面积")
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    issued = issued_rows(demo.issued.path)
    assert {str(row[code]): Decimal(str(row[area])) for row in rows} == {
        key: one["issued"] for key, one in issued.items()
    }
    total = next(row for row in sheet.iter_rows(values_only=True) if "合计" in row)
    assert Decimal(str(total[area])) == _issued(counted)


@pytest.mark.parametrize(
    "key", ["task.area", "rectified.count", "label.partial.area", "finding.true.count", "share.count"]
)
def test_one_planted_wrong_figure_is_found(
    demo: Demo, counted: list[dict[str, Any]], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(snapshot: Snapshot) -> dict[str, FigureFact]:
        figures = figures_of(snapshot)
        one = figures[key]
        digit = next(index for index, character in enumerate(one.text) if character.isdigit())
        changed = one.text[:digit] + str((int(one.text[digit]) + 1) % 10) + one.text[digit + 1 :]
        return figures | {key: replace(one, text=changed)}

    monkeypatch.setattr(drafts, "figures_of", planted)
    with open_ledger(demo.ledger, SystemClock(), write=False) as ledger:
        settings = replace(service.settings_of(ledger, "rectification_letter"), own_fonts=False)
        draft = service.compose(ledger, "rectification_letter", settings)
    monkeypatch.undo()
    wrong = unexplained(service.render_draft(draft).files[0].data, counted, [])
    assert any(draft.figures[key].text.rstrip("%") in one for one in wrong)


def test_the_same_paper_without_the_plant_is_right(demo: Demo, counted: list[dict[str, Any]]) -> None:
    with open_ledger(demo.ledger, SystemClock(), write=False) as ledger:
        settings = replace(service.settings_of(ledger, "rectification_letter"), own_fonts=False)
        draft = service.compose(ledger, "rectification_letter", settings)
    assert unexplained(service.render_draft(draft).files[0].data, counted, []) == []


def test_later_work_changes_the_next_draft_and_never_the_frozen_letter(demo: Demo, tmp_path: Path) -> None:
    folder = demo.copy(tmp_path / "台账")
    with open_ledger(folder, SystemClock()) as ledger:
        report = max(info.id for info in service.reports(ledger))
        before = service.kept_bytes(ledger, service.report(ledger, report).main)
        rectified = service.compose(ledger, "rectification_letter").figures["rectified.count"].exact
        _take_back_a_closing(ledger)
        after = service.compose(ledger, "rectification_letter").figures["rectified.count"].exact
        assert int(after) == int(rectified) - 1
        assert service.kept_bytes(ledger, service.report(ledger, report).main) == before
        assert service.rebuild(ledger, report)


def _take_back_a_closing(ledger: Any) -> None:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids
    from gengdi_desktop.phases.service import act

    plot = plot_ids(ledger, PlotQuery((Condition("state", "closed"),)))[0]
    values = {"reason": "复种果树", "date": "2023-08-20", "target": "0.10", "deadline": "2023-08-25"}
    outcome = act(ledger, "reopen", [plot], values, by=Actor("吴小琴"))
    assert outcome.refused == ()
