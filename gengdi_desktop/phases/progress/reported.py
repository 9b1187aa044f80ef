"""What one row of a progress sheet says, cell by cell; what cannot be read is told with its column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.choices import Choice, DisposalClass, Finding, ProblemKind, choice_of
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.domain.values import read_flag
from gengdi_desktop.intake import values
from gengdi_desktop.intake.fields import IDENTITY_FIELDS
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.places import Place, PlaceReader, RawPlace
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import CellKind, SheetRow

T = TypeVar("T")
ChoiceType = TypeVar("ChoiceType", bound=Choice)

METHOD_AREAS: Mapping[str, Bucket] = {
    "demolished_area": Bucket.RESTORED,
    "no_problem_area": Bucket.PROVED,
    "regularised_area": Bucket.REGULARISED,
    "quota_deduct_area": Bucket.QUOTA_OFFSET,
    "inout_area": Bucket.INOUT_OFFSET,
}
"""Columns that name their method."""

ISSUED_AREAS = ("plot_area", "cultivated_area", "outflow_area")
"""Columns that repeat what was issued; a progress sheet changes none of them."""

CLAIMS = (
    "is_rectified",
    "finish_date",
    "progress_pct",
    "accept_village",
    "accept_township",
    "accept_county",
    "accept_date",
    "is_closed",
    "close_date",
)
"""What a sheet may say and only a person may do: shown as 表内自报."""

_METHOD_WORDS: tuple[tuple[str, Bucket], ...] = (
    ("占补", Bucket.QUOTA_OFFSET),
    ("进出", Bucket.INOUT_OFFSET),
    ("举证", Bucket.PROVED),
    ("补办", Bucket.REGULARISED),
    ("完善手续", Bucket.REGULARISED),
    ("其他", Bucket.OTHER),
    ("其它", Bucket.OTHER),
    ("整改", Bucket.RESTORED),
    ("恢复", Bucket.RESTORED),
    ("复耕", Bucket.RESTORED),
    ("复垦", Bucket.RESTORED),
    ("拆除", Bucket.RESTORED),
    ("清理", Bucket.RESTORED),
)
_PLACES = (
    ("county_name", "region_name"),
    ("county_code",),
    ("township_name",),
    ("township_code",),
    ("village_name",),
    ("zldw_name",),
    ("zldw_code",),
    ("group_name",),
)
_TEXTS = {
    "class_now": ("field_class", "occupy_use"),
    "party": ("party_name",),
    "cause": ("outflow_reason",),
    "measure": ("rect_measure",),
    "person": ("responsible_person",),
    "person_title": ("responsible_title",),
    "person_phone": ("responsible_phone",),
    "responsible_leader": ("responsible_leader",),
    "grid_chief": ("field_chief",),
    "crop": ("crop",),
    "remark": ("remark",),
}
_DATES = {"check_date": ("verify_date",), "deadline": ("plan_deadline",), "sown_on": ("crop_date",)}
_FILLED_DOWN = frozenset({"township_name", "village_name", "zldw_name", "group_name"})


class Trouble(NamedTuple):
    """What is wrong with a cell; ``column`` counts from 0, −1 where the row is meant."""

    column: int
    code: str
    message: str


class IssuedCell(NamedTuple):
    """An issued area as the sheet repeats it: for comparison only, never taken over."""

    column: int
    title: str
    area: Area


@dataclass(slots=True)
class Reported:
    """One row. Empty texts and None are cells that say nothing; ``refusals`` keep the row out, ``notes`` do not."""

    sheet: str
    row: int
    place: Place
    identity: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    kind: ProblemKind | None = None
    finding: Finding | None = None
    rectify: bool | None = None
    check_date: date | None = None
    built_on: date | None = None
    class_now: str = ""
    party: str = ""
    cause: str = ""
    target: Area | None = None
    disposal_class: DisposalClass | None = None
    measure: str = ""
    deadline: date | None = None
    person: str = ""
    person_title: str = ""
    person_phone: str = ""
    responsible_leader: str = ""
    grid_chief: str = ""
    done: Area | None = None
    method: Bucket | None = None
    by_method: dict[Bucket, Area] = field(default_factory=dict)
    crop: str = ""
    sown_on: date | None = None
    report_date: date | None = None
    remark: str = ""
    issued_areas: tuple[IssuedCell, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    refusals: list[Trouble] = field(default_factory=list)
    notes: list[Trouble] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)


class ReportReader:
    """Reads the data rows of one sheet from the top.

    Args:
        sheet: Its name.
        columns: The columns that are used, by field.
        places: Reads places.
        unit: The unit of area columns that name none.
    """

    def __init__(self, sheet: str, columns: Mapping[str, MappedColumn], places: PlaceReader, unit: AreaUnit) -> None:
        self._sheet = sheet
        self._columns = columns
        self._places = places
        self._unit = unit
        self._above: dict[str, str] = {}

    def read(self, row: SheetRow) -> Reported:
        """What the row says; never raises for what stands in it."""
        found = Reported(self._sheet, row.number, self._place(row))
        found.columns = {name: mapped.column.index for name, mapped in self._columns.items()}
        self._read_marks(found, row)
        for name in IDENTITY_FIELDS:
            text = self._cell(found, row, name, values.identifier)
            if text:
                found.identity[name] = text
        found.year = self._cell(found, row, "outflow_year", values.year)
        for attribute, names in _TEXTS.items():
            setattr(found, attribute, next(filter(None, (self._text(row, name) for name in names)), ""))
        for attribute, names in _DATES.items():
            setattr(found, attribute, self._cell(found, row, names[0], values.day))
        self._read_choices(found, row)
        self._read_areas(found, row)
        self._read_loosely(found, row)
        found.issued_areas = tuple(self._issued_areas(found, row))
        return found

    def _text(self, row: SheetRow, name: str) -> str:
        """What a cell says, in the writer's own punctuation; empty where it says that there is nothing."""
        mapped = self._columns.get(name)
        text = row.text(mapped.column.index) if mapped else ""
        return "" if values.plain(text) in values.NOTHING else text

    def _cell(self, found: Reported, row: SheetRow, name: str, read: Callable[[str, str], T]) -> T | None:
        """A cell read by its kind; what cannot be read refuses the row."""
        mapped = self._columns.get(name)
        if mapped is None or not row.text(mapped.column.index):
            return None
        index = mapped.column.index
        if row.kind(index) in {CellKind.ERROR, CellKind.UNCALCULATED}:
            return None
        try:
            return read(row.kind(index), row.text(index))
        except CellTrouble as trouble:
            said = f"“{mapped.column.title}”写的是{trouble.message}"
            found.refusals.append(Trouble(index, trouble.code, said))
            return None

    def _place(self, row: SheetRow) -> Place:
        raw = []
        for names in _PLACES:
            name = next((name for name in names if name in self._columns), "")
            text = row.text(self._columns[name].column.index) if name else ""
            if name in _FILLED_DOWN:
                text = self._above.get(name, "") if text in values.SAME_AS_ABOVE else text
                self._above[name] = text
            raw.append(values.plain(text))
        return self._places.place(RawPlace(*raw))

    def _read_marks(self, found: Reported, row: SheetRow) -> None:
        """Error cells, formulas without a value and struck texts are never taken for something else."""
        for mapped in self._columns.values():
            index = mapped.column.index
            kind = row.kind(index)
            if kind == CellKind.ERROR:
                text = f"“{mapped.column.title}”是错误值 {row.text(index)}，不能当成空白。请在原表改好。"
                found.refusals.append(Trouble(index, "error_cell", text))
            elif kind == CellKind.UNCALCULATED:
                text = f"“{mapped.column.title}”是没有算出结果的公式，不能当成空白。请在 WPS 里打开原表，保存一次再来。"
                found.refusals.append(Trouble(index, "formula_without_value", text))
            elif index in row.struck:
                text = "这一行画了删除线，程序不能替您定算不算。要录入就去掉删除线，不要就删掉这一行。"
                found.refusals.append(Trouble(index, "struck_through", text))

    def _read_choices(self, found: Reported, row: SheetRow) -> None:
        found.finding = self._choice(found, row, "is_true", _finding)
        found.rectify = self._choice(found, row, "need_rectify", _yes_or_no)
        found.disposal_class = self._choice(found, row, "verify_class", _one_of(DisposalClass))
        found.method = self._choice(found, row, "rect_method", _method)
        kind = self._text(row, "outflow_type")
        found.kind = values.problem_kind(kind) if kind else None

    def _choice(self, found: Reported, row: SheetRow, name: str, read: Callable[[str], T | str]) -> T | None:
        """A cell of a closed list; the reader gives the choice, or says what is wrong."""
        text = values.plain(self._text(row, name))
        if not text:
            return None
        read_as = read(text)
        if isinstance(read_as, str) and not isinstance(read_as, Choice | Bucket):
            mapped = self._columns[name]
            said = f"“{mapped.column.title}”写的是“{text}”，{read_as}"
            found.refusals.append(Trouble(mapped.column.index, "not_a_choice", said))
            return None
        return read_as  # type: ignore[return-value]

    def _read_areas(self, found: Reported, row: SheetRow) -> None:
        found.target = self._area(found, row, "rect_target_area")
        found.done = self._area(found, row, "restored_area")
        for name, bucket in METHOD_AREAS.items():
            area = self._area(found, row, name)
            if area is not None:
                found.by_method[bucket] = area

    def _area(self, found: Reported, row: SheetRow, name: str) -> Area | None:
        mapped = self._columns.get(name)
        unit = (mapped.unit if mapped else None) or self._unit
        cell = self._cell(found, row, name, lambda kind, text: values.area(kind, text, unit))
        return Area(cell.micro_mu) if cell else None

    def _issued_areas(self, found: Reported, row: SheetRow) -> Iterator[IssuedCell]:
        """Issued areas that the sheet repeats, where their unit is known; what cannot be read is only told."""
        for name in ISSUED_AREAS:
            mapped = self._columns.get(name)
            if mapped is None or mapped.unit is None:
                continue
            index, title = mapped.column.index, mapped.column.title
            try:
                cell = values.area(row.kind(index), row.text(index), mapped.unit)
            except CellTrouble:
                told = f"“{title}”写的是“{row.text(index)}”，读不出面积。台账里的没有改。"
                found.notes.append(Trouble(index, "issued_unreadable", told))
                continue
            if cell is not None:
                yield IssuedCell(index, title, Area(cell.micro_mu))

    def _read_loosely(self, found: Reported, row: SheetRow) -> None:
        """Facts beside the action: an unclear day of occupation stays with the sheet, claims are only shown."""
        for name in ("build_date", "change_date"):
            text = self._text(row, name)
            if text and found.built_on is None:
                try:
                    found.built_on = values.day(row.kind(self._columns[name].column.index), text)
                except CellTrouble:
                    title = self._columns[name].column.title
                    told = f"“{title}”写的是“{text}”，不是完整的日期，没有录入。"
                    found.notes.append(Trouble(self._columns[name].column.index, "day_unclear", told))
        text = self._text(row, "report_date")
        if text:
            found.report_date = self._cell(found, row, "report_date", values.day)
        found.claims = tuple(
            (self._columns[name].column.title, self._text(row, name)) for name in CLAIMS if self._text(row, name)
        )


def sheet_unit(columns: Iterable[MappedColumn]) -> AreaUnit | None:
    """The unit that all area columns which name one agree on; None where they differ or name none."""
    units = {mapped.unit for mapped in columns if mapped.unit is not None}
    return units.pop() if len(units) == 1 else None


def _finding(text: str) -> Finding | str:
    found = choice_of(Finding, text)
    if found is not None:
        return found
    return Finding.TRUE if read_flag(text) else "请写明属实、误判还是合法。"


def _yes_or_no(text: str) -> bool | str:
    flag = read_flag(text)
    return "请写是或否。" if flag is None else flag


def _one_of(choices: type[ChoiceType]) -> Callable[[str], ChoiceType | str]:
    labels = "、".join(choice.label for choice in choices)
    return lambda text: choice_of(choices, text) or f"请写{labels}中的一个。"


def _method(text: str) -> Bucket | str:
    exact = next((bucket for bucket in Bucket if text in {bucket.value, bucket.label}), None)
    if exact is not None:
        return exact
    found = {bucket for word, bucket in _METHOD_WORDS if word in text}
    precise = found - {Bucket.RESTORED} if len(found) > 1 else found
    if len(precise) == 1:
        return precise.pop()
    return f"不知道算哪一种，请写{'、'.join(bucket.label for bucket in Bucket)}中的一个。"
