"""Which column is which field: by header, groups, what was remembered and what a person says; asked, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.domain.choices import Choice
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.fields import (
    IDENTITY_FIELDS,
    ISSUED_AREA_FIELDS,
    FieldKind,
    default_units,
    fields,
    spellings,
)
from gengdi_desktop.intake.parent_rules import AMBIGUOUS, DEFAULTS, by_parents
from gengdi_desktop.sheets.header_text import normalise
from gengdi_desktop.sheets.headers import Header, HeaderColumn
from gengdi_desktop.sheets.problems import column_letters

KEPT = ""
"""The field of a column that is kept as it is and used for nothing."""

_ESSENTIAL = frozenset(
    {*IDENTITY_FIELDS, *ISSUED_AREA_FIELDS, "pbf_area", "village_name", "township_name", "outflow_year"}
)
_BLANK_MARKS = frozenset({"可空", "blank"})
_KEEP_MARKS = frozenset({"", "-", "keep", "保留", "不用"})


class Certainty(Choice):
    """How it is known what a column is."""

    GIVEN = "given", "您指定的"
    REMEMBERED = "remembered", "上次用过"
    SAME = "same", "同名"
    SYNONYM = "synonym", "同义词"
    GROUP = "group", "按上级表头"
    UNCLEAR = "unclear", "拿不准"
    UNKNOWN = "unknown", "不认识"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person said of a column, now or the last time a table was laid out like this.

    Args:
        field: Field code; :data:`KEPT` for a column that is not used.
        unit: Unit of an area column where the table does not say it.
        blanks: Whether an empty cell is surely empty, where the file cannot tell.
    """

    field: str
    unit: AreaUnit | None = None
    blanks: bool = False


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column and what it is.

    Args:
        column: As the header says it.
        field: Field code; :data:`KEPT` where it is used for nothing.
        certainty: How that is known.
        unit: Unit of an area column; None where nothing tells it.
        candidates: Fields that it may be, where that is not clear.
        blanks: Whether a person has said that empty cells are surely empty.
        unit_given: Whether a person has said the unit.
    """

    column: HeaderColumn
    field: str
    certainty: Certainty
    unit: AreaUnit | None = None
    candidates: tuple[str, ...] = ()
    blanks: bool = False
    unit_given: bool = False

    @property
    def letters(self) -> str:
        """The column as the table program calls it."""
        return column_letters(self.column.index)


@dataclass(frozen=True, slots=True)
class Question:
    """What must be answered before anything can be taken in.

    Args:
        code: Stable English code.
        columns: Titles of the columns that it is about.
        message: One Chinese sentence: what was found and what is asked.
    """

    code: str
    columns: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """All columns of a table and what is unclear of them."""

    columns: tuple[MappedColumn, ...]
    questions: tuple[Question, ...] = ()

    def by_field(self) -> dict[str, MappedColumn]:
        """The columns that are used, by field."""
        return {mapped.field: mapped for mapped in self.columns if mapped.field}


def map_columns(
    header: Header,
    *,
    given: Mapping[str, ColumnChoice] | None = None,
    remembered: Mapping[str, ColumnChoice] | None = None,
) -> ColumnMap:
    """Say of each column what it is.

    Args:
        header: The header of the table.
        given: What a person says now, by column letters, title or header text.
        remembered: What was said the last time, by the column's key.

    Raises:
        RuleError: ``unknown_column`` or ``unknown_column_field`` in what a person says.
    """
    said = _said(header, given or {})
    mapped = [_map_column(column, said, remembered or {}) for column in header.columns]
    mapped = _one_class_side(mapped)
    mapped, questions = _settle_rivals(mapped)
    mapped = [_with_unit(column, header) for column in mapped]
    return ColumnMap(tuple(mapped), tuple(questions))


def parse_choice(text: str) -> ColumnChoice:
    """Read a choice as files of columns write it: ``plot_area``, ``plot_area:平方米``, ``bsm:可空``, ``-``.

    Raises:
        RuleError: ``unknown_column_field``.
    """
    code, _, rest = text.strip().partition(":")
    code = _field_code(code.strip())
    marks = [mark.strip() for mark in rest.split(":") if mark.strip()]
    units = [unit for unit in map(AreaUnit.of_label, marks) if unit is not None]
    return ColumnChoice(code, units[0] if units else None, any(mark in _BLANK_MARKS for mark in marks))


def _field_code(text: str) -> str:
    """A field by its code, its Chinese name or any spelling of its header."""
    if text.lower() in _KEEP_MARKS:
        return KEPT
    if text in fields():
        return text
    found = spellings().get(normalise(text)) or next((one.code for one in fields().values() if one.label == text), None)
    if found is None:
        raise RuleError(
            "unknown_column_field",
            f"没有“{text}”这个项，没有导入，台账没有变。",
            "可以写图斑编号、村、图斑面积等，或写“-”表示只保留。",
        )
    return found


def _said(header: Header, given: Mapping[str, ColumnChoice]) -> dict[int, ColumnChoice]:
    """What a person says, by column index; a name goes before the letters of a column: X may be both."""
    said = {}
    for name, choice in given.items():
        plain = normalise(name)
        named = [
            [
                column
                for column in header.columns
                if plain in {normalise(column.title), normalise("/".join(column.path))}
            ],
            [column for column in header.columns if plain in {normalise(column.key), column.name}],
            [column for column in header.columns if plain == column_letters(column.index)],
        ]
        found = next((columns for columns in named if columns), [])
        if len(found) != 1:
            what = "有好几列叫这个名字" if found else "没有这一列"
            message = f"说明里的“{name}”在表头里对不上：{what}。没有导入，台账没有变。"
            raise RuleError("unknown_column", message, "可以改用列号，例如 C。")
        said[found[0].index] = choice
    return said


def _map_column(
    column: HeaderColumn, said: Mapping[int, ColumnChoice], remembered: Mapping[str, ColumnChoice]
) -> MappedColumn:
    for choice, certainty in (
        (said.get(column.index), Certainty.GIVEN),
        (remembered.get(column.key), Certainty.REMEMBERED),
    ):
        if choice is not None:
            given = choice.unit is not None
            return MappedColumn(column, choice.field, certainty, choice.unit, blanks=choice.blanks, unit_given=given)
    by_group = by_parents(column.name, column.parents)
    if by_group is not None:
        return MappedColumn(column, by_group, Certainty.GROUP)
    if column.name in AMBIGUOUS:
        default = DEFAULTS.get(column.name)
        candidates = tuple(dict.fromkeys(filter(None, (default, spellings().get(column.name)))))
        return MappedColumn(column, default or KEPT, Certainty.UNCLEAR, candidates=candidates)
    found = spellings().get(column.name)
    if found is None:
        return MappedColumn(column, KEPT, Certainty.UNKNOWN)
    same = normalise(fields()[found].label) == column.name
    return MappedColumn(column, found, Certainty.SAME if same else Certainty.SYNONYM)


def _one_class_side(mapped: list[MappedColumn]) -> list[MappedColumn]:
    """A class without a side is the one before where the table has the one after: joined exports have DLBM, DLBM_1."""
    used = {column.field for column in mapped}
    sides = {
        plain: before
        for plain, before, after in (
            ("class_code", "class_before_code", "class_after_code"),
            ("class_name", "class_before_name", "class_after_name"),
        )
        if after in used and before not in used
    }
    return [replace(column, field=sides.get(column.field, column.field)) for column in mapped]


def _settle_rivals(mapped: list[MappedColumn]) -> tuple[list[MappedColumn], list[Question]]:
    """Where several columns mean one field, the certain one has it; several certain ones are asked about."""
    rivals: dict[str, list[MappedColumn]] = defaultdict(list)
    for column in mapped:
        if column.field:
            rivals[column.field].append(column)
    losers: dict[int, str] = {}
    questions = []
    for field, columns in rivals.items():
        if len(columns) == 1:
            continue
        best = min(columns, key=_rank)
        losers |= {column.column.index: field for column in columns if column is not best}
        if field in _ESSENTIAL and sum(_rank(column) == _rank(best) for column in columns) > 1:
            questions.append(_rival_question(field, [column for column in columns if _rank(column) == _rank(best)]))
    settled = [
        replace(column, field=KEPT, certainty=Certainty.UNCLEAR, candidates=(losers[column.column.index],))
        if column.column.index in losers
        else column
        for column in mapped
    ]
    return settled, questions


def _rank(column: MappedColumn) -> int:
    order = (
        Certainty.GIVEN,
        Certainty.REMEMBERED,
        Certainty.SAME,
        Certainty.SYNONYM,
        Certainty.GROUP,
        Certainty.UNCLEAR,
    )
    place = order.index(column.certainty)
    # Same name, synonym and group are equally certain: which of two such columns is meant, only a person can say.
    return {3: 2, 4: 2}.get(place, place)


def _rival_question(field: str, columns: Sequence[MappedColumn]) -> Question:
    titles = tuple(column.column.title for column in columns)
    listed = "、".join(f"{column.letters} 列“{column.column.title}”" for column in columns)
    label = fields()[field].label
    return Question("columns_unclear", titles, f"{listed}都像“{label}”，请指定用哪一列，其余的写“-”。")


def _with_unit(mapped: MappedColumn, header: Header) -> MappedColumn:
    """The unit of an area column: said now, in its header, in a line above, remembered, or fixed for survey fields."""
    if not mapped.field or fields()[mapped.field].kind is not FieldKind.AREA:
        return mapped
    if mapped.certainty is Certainty.GIVEN and mapped.unit is not None:
        return mapped
    lines = {unit for unit in map(AreaUnit.of_label, header.units) if unit is not None}
    # A line that states two units of area does not say which column has which.
    line = next(iter(lines)) if len(lines) == 1 else None
    stated = AreaUnit.of_label(mapped.column.unit) or line
    if stated is not None:
        return replace(mapped, unit=stated, unit_given=False)
    return replace(mapped, unit=mapped.unit or default_units().get(mapped.column.name))


def missing_questions(columns: ColumnMap, found: Iterable[str]) -> list[Question]:
    """What a table lacks to be a list of plots: something that tells plots apart, and an area with its unit.

    Args:
        columns: The columns.
        found: Titles of all columns, for the sentence.
    """
    used = columns.by_field()
    listed = "、".join(dict.fromkeys(title for title in found if title)) or "（没有）"
    questions = []
    if not any(field in used for field in IDENTITY_FIELDS):
        text = f"找到的列是：{listed}。哪一列是图斑编号、标识码或线索编号？"
        questions.append(Question("identity_unclear", (), text))
    areas = [used[field] for field in ISSUED_AREA_FIELDS if field in used]
    if not areas:
        questions.append(Question("area_unclear", (), f"找到的列是：{listed}。哪一列是面积，单位是什么？"))
    return questions
