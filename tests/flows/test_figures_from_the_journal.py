"""Every number of the signed papers, explained by a second count from the issued workbook and the replayed journal.

The count and the reading back know nothing of the program: see ``tests/helpers/independent_ledger.py``. A number that
the count cannot explain at its place fails, and so does a clause or a row that ought to be there and is not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pikepdf
import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ledger.queries import Condition, PlotQuery, plot_ids
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.phases.service import act
from gengdi_desktop.reports import drafts, service
from gengdi_desktop.reports.document import Document, Figure, Paragraph, Section, Table, Value
from gengdi_desktop.reports.drafts import Draft
from gengdi_desktop.system.clock import SystemClock
from tests.helpers.command_line import Line
from tests.helpers.independent_ledger import SecondCount, mu, replay, second_count
from tests.helpers.papers_expected import (
    Frozen,
    annex_differences,
    annex_rows,
    leaf_headers,
    paper_clauses,
    paper_differences,
)
from tests.helpers.papers_read_back import ReadPaper, Row, read_paper

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

KINDS = ("self_check_report", "rectification_letter")
_NAMES = {"self_check_report": "自查报告", "rectification_letter": "整改工作报告"}
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class SignedPaper:
    """A signed paper with the second count of the moment at which it was frozen."""

    pdf: Path
    annex: Path
    frozen: Frozen
    count: SecondCount
    read: ReadPaper

    @property
    def differences(self) -> list[str]:
        """What of the paper the second count does not confirm."""
        return paper_differences(self.read, self.count, self.frozen)


def signed_papers(ledger: Path, out: Path, issued: Path) -> dict[str, SignedPaper]:
    """The papers of a walked sample by kind, each with its second count."""
    papers = {}
    for row in replay(ledger)["report"].values():
        count = second_count(ledger, issued, row["head_seq"])
        frozen = Frozen(row, min(row["document_date"], count.today), row["head_hash"], row["snapshot_file"])
        (pdf,) = out.glob(f"*{_NAMES[row['kind']]}（样例）.pdf")
        (annex,) = out.glob(f"*{_NAMES[row['kind']]}（样例）_附件1_*.pdf")
        papers[row["kind"]] = SignedPaper(pdf, annex, frozen, count, read_paper(pdf))
    assert sorted(papers) == sorted(KINDS)
    return papers


@pytest.fixture(scope="module")
def papers(demo: Demo) -> dict[str, SignedPaper]:
    """The two papers of the walked sample of 白圩乡."""
    return signed_papers(demo.ledger, demo.report.parent, demo.issued.path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_the_paper_is_explained(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    assert paper.differences == []
    assert sum(len(_DIGIT.findall(strand)) for strand in paper.read.strands) > 150
    assert sum(len(table.rows) for table in paper.read.tables) >= 2 + len(paper.count.villages) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_of_the_annex_is_explained(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    read = read_paper(paper.annex)
    assert annex_differences(read, paper.count, paper.frozen) == []
    assert len(read.tables[0].rows) == len(paper.count.issued.rows) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_workbook_inside_the_signed_pdf_says_the_same(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    (name, data), *others = [one for one in attachments(paper.pdf) if one[0].endswith(".xlsx")]
    assert not others
    assert data == next(paper.pdf.parent.glob(f"*_{name.split('_', 1)[1]}")).read_bytes()
    header, rows = workbook_rows(data)
    assert rows == annex_rows(paper.count, leaf_headers(header))


def attachments(pdf: Path) -> Iterator[tuple[str, bytes]]:
    """The files inside a PDF."""
    with pikepdf.open(pdf) as opened:
        for name, one in opened.attachments.items():
            yield name, one.get_file().read_bytes()


def workbook_rows(data: bytes) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Header rows, and the rows down to the totals, as the cells show them; without blanks."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(sheet.iter_rows())
    top = next(index for index, row in enumerate(rows) if row[0].value == "序号")
    last = next(index for index, row in enumerate(rows) if row[1].value == "合计")
    shown = [tuple(shown_cell(cell) for cell in row) for row in rows[top : last + 1]]
    return tuple(shown[:2]), tuple(shown[2:])


def shown_cell(cell: Any) -> str:
    """What a cell shows by its format."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float) and "0.00" in cell.number_format:
        return mu(Decimal(repr(value)))
    return re.sub(r"\s", "", "" if value is None else str(value))


def test_the_journal_carries_the_areas_that_the_workbook_states(papers: dict[str, SignedPaper]) -> None:
    count = papers["rectification_letter"].count
    lines = count.tables["list_line"].values()
    stated = [int(row.area * 1_000_000) for row in count.issued.rows]
    assert [line["issued_area"] for line in sorted(lines, key=lambda line: line["row"])] == stated
    assert sum(stated) == count.issued.stated_area * 1_000_000
    assert len(stated) == count.issued.stated_count


# ------------------------------------------------------------------------------------------------- wrong ones are found


def other_digit(text: str, place: int) -> str:
    """The text with one digit changed."""
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_no_digit_of_the_sentences_could_be_another(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    for number, strand in enumerate(paper.read.strands):
        for match in _DIGIT.finditer(strand):
            strands = list(paper.read.strands)
            strands[number] = other_digit(strand, match.start())
            read = replace(paper.read, strands=tuple(strands))
            changed = strands[number][max(0, match.start() - 9) : match.end() + 9]
            assert paper_differences(read, paper.count, paper.frozen), changed


@pytest.mark.parametrize("kind", KINDS)
def test_no_clause_could_be_left_out(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    for clause in paper_clauses(paper.count, paper.frozen):
        without = tuple(strand.replace(clause, "") for strand in paper.read.strands)
        assert paper_differences(replace(paper.read, strands=without), paper.count, paper.frozen), clause


@pytest.mark.parametrize("kind", KINDS)
def test_no_digit_of_the_tables_could_be_another(papers: dict[str, SignedPaper], kind: str) -> None:
    paper = papers[kind]
    tables = paper.read.tables
    for at, table in enumerate(tables):
        for down, row in enumerate(table.rows):
            for across, cell in enumerate(row):
                match = _DIGIT.search(cell)
                if match is None:
                    continue
                wrong = (*row[:across], other_digit(cell, match.start()), *row[across + 1 :])
                planted = replace(table, rows=(*table.rows[:down], wrong, *table.rows[down + 1 :]))
                read = replace(paper.read, tables=(*tables[:at], planted, *tables[at + 1 :]))
                assert len(paper_differences(read, paper.count, paper.frozen)) == 1, wrong


@dataclass(frozen=True)
class Drawing:
    """A composed paper, its second count, and where it is drawn."""

    draft: Draft
    count: SecondCount
    frozen: Frozen
    pdf: Path

    @property
    def document(self) -> Document:
        """The composed paper."""
        assert isinstance(self.draft.paper, Document)
        return self.draft.paper

    def differences(self, document: Document) -> list[str]:
        """Draw a document, read it back, and compare it with the second count."""
        rendered = service.render_draft(replace(self.draft, paper=replace(document, annexes=())))
        self.pdf.write_bytes(rendered.files[0].data)
        return paper_differences(read_paper(self.pdf), self.count, self.frozen)


@pytest.fixture(scope="module")
def drawn(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    """The letter composed once more from the sample as it stands, and drawn in a folder of its own."""
    with open_ledger(demo.ledger, SystemClock(), write=False) as ledger:
        settings = service.settings_of(ledger, "rectification_letter")
        settings = replace(settings, number="白府函〔2023〕13号", own_fonts=False)
        draft = drafts.compose(ledger, "rectification_letter", settings, draft=False)
    count = second_count(demo.ledger, demo.issued.path)
    row = {
        "kind": "rectification_letter",
        "number": settings.number,
        "document_date": str(settings.day),
        "head_seq": draft.snapshot.head_seq,
    }
    frozen = Frozen(row, count.today, draft.snapshot.head_hash, draft.facts.sha256)
    return Drawing(draft, count, frozen, tmp_path_factory.mktemp("drawn") / "函.pdf")


def test_a_paper_drawn_as_it_was_composed_has_no_difference(drawn: Drawing) -> None:
    assert drawn.differences(drawn.document) == []


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("task.area", "187.94"),
        ("rectified.count", "89"),
        ("share.area", "78.94%"),
        ("share.count", "80.19%"),
        ("label.partial.area", "0.07"),
        ("finding.true.count", "96"),
        ("method.restored.area", "134.75"),
    ],
)
def test_one_wrong_figure_in_a_sentence_is_found(drawn: Drawing, key: str, typed: str) -> None:
    places: list[str] = []

    def wrong(paragraph: Paragraph) -> Paragraph:
        pieces = tuple(
            replace(piece, text=typed) if isinstance(piece, Figure) and piece.key == key else piece
            for piece in paragraph.pieces
        )
        places.extend(paragraph.key for piece in paragraph.figures if piece.key == key)
        return replace(paragraph, pieces=pieces)

    document = changed(drawn.document, paragraphs=wrong)
    assert places
    found = drawn.differences(document)
    assert any(typed in one for one in found)


@pytest.mark.parametrize(("key", "row", "column"), [("lists", 1, 5), ("villages", 4, 3), ("open", 2, 3)])
def test_one_wrong_figure_in_a_table_is_found(drawn: Drawing, key: str, row: int, column: int) -> None:
    def wrong(table: Table) -> Table:
        if table.key != key:
            return table
        cells = list(table.rows[row])
        cells[column] = other_value(cells[column])
        return replace(table, rows=(*table.rows[:row], tuple(cells), *table.rows[row + 1 :]))

    (found,) = drawn.differences(changed(drawn.document, tables=wrong))
    assert "≠" in found


def other_value(value: Value) -> Value:
    """A hundredth of a mu, or one, more."""
    assert isinstance(value, int | Area)
    return value + Area.parse("0.01") if isinstance(value, Area) else value + 1


def changed(document: Document, *, paragraphs: Any = lambda one: one, tables: Any = lambda one: one) -> Document:
    """The document with every paragraph and table put through a change."""

    def block(one: Paragraph | Table | Section) -> Paragraph | Table | Section:
        if isinstance(one, Section):
            return replace(one, blocks=tuple(block(inner) for inner in one.blocks))
        told: Paragraph | Table = paragraphs(one) if isinstance(one, Paragraph) else tables(one)
        return told

    def section(one: Section) -> Section:
        return replace(one, blocks=tuple(block(inner) for inner in one.blocks))

    return replace(document, sections=tuple(section(one) for one in document.sections))


# -------------------------------------------------------------------------------------------------------- the next one


def test_later_work_changes_the_next_draft_and_never_the_frozen_letter(demo: Demo, tmp_path: Path) -> None:
    with open_ledger(demo.copy(tmp_path / "台账"), SystemClock()) as ledger:
        report = max(info.id for info in service.reports(ledger))
        before = service.kept_bytes(ledger, service.report(ledger, report).main)
        rectified = drafts.compose(ledger, "rectification_letter").figures["rectified.count"].exact
        plot = plot_ids(ledger, PlotQuery((Condition("state", "closed"),)))[0]
        values = {"reason": "复种果树", "date": "2023-08-20", "target": "0.10", "deadline": "2023-08-25"}
        assert act(ledger, "reopen", [plot], values, by=Actor("吴小琴")).refused == ()
        after = drafts.compose(ledger, "rectification_letter").figures["rectified.count"].exact
        assert int(after) == int(rectified) - 1
        assert service.kept_bytes(ledger, service.report(ledger, report).main) == before
        assert service.rebuild(ledger, report)


# ----------------------------------------------------------------------------------------------------- another township


@pytest.mark.parametrize(
    ("unit", "organ", "county"),
    [
        ("德感街道", "德感街道办事处", "江津区"),
        pytest.param("民和镇", "民和镇人民政府", "进贤县", marks=pytest.mark.full),
    ],
)
def test_another_unit_has_its_own_names_and_figures(
    unit: str, organ: str, county: str, tmp_path: Path, line: Line
) -> None:
    out = tmp_path / "样例"
    told = line("demo", "--out", out, "--unit", unit, "--no-window")
    (issued,) = out.glob("*清单*.xlsx")
    papers = signed_papers(Path(told["ledger"]), out, issued)
    for paper in papers.values():
        assert (paper.count.unit, paper.differences) == (unit, [])
        assert annex_differences(read_paper(paper.annex), paper.count, paper.frozen) == []
        body = paper.read.strands[0]
        assert f"{organ}{_day(paper)}" in body
        assert "白圩" not in "".join(_all_text(paper))
        assert f"按照{county}" in body


def _day(paper: SignedPaper) -> str:
    told = date.fromisoformat(paper.frozen.row["document_date"])
    return f"{told.year}年{told.month}月{told.day}日"


def _all_text(paper: SignedPaper) -> Iterable[str]:
    yield from paper.read.strands
    for table in paper.read.tables:
        for row in table.rows:
            yield from row
