"""The content model: what a paper says, before anybody decides how it looks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gengdi_desktop.domain.areas import Area

SAMPLE = "样例　数据均为虚构，不得作为工作依据"
"""What stands on each page of a sample's papers."""

Value = str | int | Area | date | None
"""What a table cell holds: text, a count, an exact area, a day, nothing."""


class Form(StrEnum):
    """How the first page looks."""

    REPORT = "report"
    LETTER = "letter"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"report": "报告（文件格式）", "letter": "函（信函格式）"}[self.value]


class CellKind(StrEnum):
    """What a column holds; decides alignment, format and the type in a workbook."""

    ORDER = "order"
    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    AREA = "area"
    PERCENT = "percent"
    DATE = "date"
    FLAG = "flag"

    @property
    def right_aligned(self) -> bool:
        """Whether figures are to stand under each other."""
        return self in {CellKind.COUNT, CellKind.AREA, CellKind.PERCENT}

    @property
    def centred(self) -> bool:
        """Whether the column holds short marks."""
        return self in {CellKind.ORDER, CellKind.DATE, CellKind.FLAG}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a sentence that comes from the snapshot and is never typed.

    Args:
        key: The figure's name in the snapshot.
        text: As printed.
    """

    key: str
    text: str


Piece = str | Figure


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text.

    Args:
        key: Stable name within the kind of report, so that a person's wording finds its place again.
        pieces: Words and figures in turn.
        lead: First words in the typeface of the second level (run-in heading), without number; may be empty.
        by_hand: Whether a person has put own words in the place of the proposed ones.
    """

    key: str
    pieces: tuple[Piece, ...]
    lead: str = ""
    by_hand: bool = False

    @property
    def text(self) -> str:
        """The sentence as printed, without the run-in heading."""
        return "".join(piece.text if isinstance(piece, Figure) else piece for piece in self.pieces)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in their order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Figure))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Args:
        key: Stable English name.
        path: Headings from the outermost group to the column itself.
        kind: What it holds.
        width: Wanted width in millimetres; tables are scaled to their place.
    """

    key: str
    path: tuple[str, ...]
    kind: CellKind
    width: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Args:
        key: Stable name.
        caption: Above the table; may be empty.
        unit: The unit line: ``单位：个、亩``.
        columns: From left to right.
        rows: As many cells as columns.
        totals: The last row, or None.
        notes: Printed below: how sums are made and which state counts as done.
    """

    key: str
    caption: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    totals: tuple[Value, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section; its number follows from its place and depth.

    Args:
        heading: Without number.
        blocks: Paragraphs, tables and sections one level deeper.
    """

    heading: str
    blocks: tuple[Paragraph | Table | Section, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    """A ledger that goes with a paper, on landscape pages of its own.

    Args:
        title: As named in the paper's list of annexes.
        table: All rows.
        unit_line: What stands above the table at its left: ``填报单位：白圩乡人民政府``.
        date_line: In the middle: ``填报日期：2023年8月20日``.
        footers: Who filled in and who checked: ``填表人：吴小琴``.
        sheet: Name of the sheet in a workbook.
    """

    title: str
    table: Table
    unit_line: str
    date_line: str
    footers: tuple[str, ...] = ()
    sheet: str = "台账"


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs.

    Args:
        field: Name of the signature field, ASCII.
        role: 经办人, 分管领导, 单位公章 …
        name: The person; empty where any holder of the role may sign.
        seal: Whether the field lies over organ and date, where the paper seal goes.
    """

    field: str
    role: str
    name: str = ""
    seal: bool = False


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Who issues the paper, and when.

    Args:
        organ: As it stands above the date.
        day: The document's date; None only in drafts.
        day_text: As printed; drafts may hold × for what is not known yet.
        signers: Electronic signature fields in signing order; nothing of them is printed.
    """

    organ: str
    day: date | None
    day_text: str
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class Colophon:
    """The 版记 at the foot of the last page.

    Args:
        copy_to: Units that get a copy, without 抄送 and without full stop; may be empty.
        printer: The office that prints; report form only.
        two_sided: Whether it has to stand on an even page.
    """

    copy_to: str = ""
    printer: str = ""
    two_sided: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """An official paper.

    Args:
        kind: Code of the kind of report.
        form: How the first page looks.
        draft: Whether 草稿 stands on each page.
        letterhead: The organ's mark: ``白圩乡人民政府文件``.
        number: 发文字号 in full; empty where there is none yet.
        issued_by: 签发人; report form only.
        title: Phrases of the title; lines break only between them.
        recipient: 主送机关, without colon.
        opening: Paragraphs before the first section.
        sections: Numbered 一、二、三、.
        closing: The last paragraphs: ``特此报告。``.
        annexes: What goes with it, in order.
        signature: Organ, date, fields.
        contact: The note below the date, without brackets; may be empty.
        colophon: What stands at the foot of the last page.
        trace: Snapshot and journal head, so that paper can be followed back: printed small at the foot, kept in the
            file's keywords.
        sample: Whether the margin of each page says that everything is made up.
    """

    kind: str
    form: Form
    draft: bool
    letterhead: str
    number: str
    issued_by: str
    title: tuple[str, ...]
    recipient: str
    opening: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    closing: tuple[Paragraph, ...]
    annexes: tuple[Annex, ...]
    signature: SignatureBlock
    contact: str = ""
    colophon: Colophon = field(default_factory=Colophon)
    trace: str = ""
    sample: bool = False

    @property
    def title_text(self) -> str:
        """The title in one line."""
        return "".join(self.title)


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """A ledger that goes up alone, without a covering paper.

    Args:
        kind: Code of the kind of report.
        draft: Whether 草稿 stands on each page.
        number: 发文字号, if it bears one.
        annex: The ledger itself.
        organ: Who issues it.
        day: The document's date; None only in drafts.
        recipient: To whom it goes; not printed.
        signers: Electronic signature fields beside the footers.
        trace: As on a paper.
        sample: As on a paper.
    """

    kind: str
    draft: bool
    number: str
    annex: Annex
    organ: str
    day: date | None
    recipient: str = ""
    signers: tuple[Signer, ...] = ()
    trace: str = ""
    sample: bool = False

    @property
    def title_text(self) -> str:
        """The title in one line."""
        return self.annex.title


Paper = Document | RegisterPaper


def shown(value: Value) -> str:
    """A cell as people read it: areas with two decimals half up, days as ``2023-08-20``, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, Area):
        return value.display()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def on_paper(text: str) -> str:
    """A text as it can be set: one line, no control or invisible characters, composed as fonts have it."""
    shown = unicodedata.normalize("NFC", text)
    visible = (" " if unicodedata.category(one) == "Cc" else one for one in shown if unicodedata.category(one) != "Cf")
    return " ".join(part for part in "".join(visible).split(" ") if part)


_EXECUTED = ("=", "+", "-", "@", "\t", "\r")


def executes(text: str) -> bool:
    """Whether a spreadsheet would take the typed text for a formula."""
    return text.startswith(_EXECUTED)


def day_text(day: date) -> str:
    """A date on paper: no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


_DIGITS = "零一二三四五六七八九"
_TEN = 10
_HUNDRED = 100


def chinese_number(number: int) -> str:
    """1 → 一, 12 → 十二, 23 → 二十三; sections never reach 100."""
    if not 0 < number < _HUNDRED:
        message = f"no section has the number {number}"
        raise ValueError(message)
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def numbered(level: int, number: int) -> str:
    """The number of a heading: ``一、`` ``（一）`` ``1.`` ``（1）`` for levels 1 to 4."""
    return (
        f"{chinese_number(number)}、",
        f"（{chinese_number(number)}）",
        f"{number}.",
        f"（{number}）",
    )[level - 1]
