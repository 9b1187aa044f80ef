"""What a row of a list says: which plot, where, how much, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.intake import values
from gengdi_desktop.intake.fields import IDENTITY_FIELDS, FieldKind, fields
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.places import Place, PlaceReader, RawPlace
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Plan, Reading, Trouble
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow

_SPLITS = {"被拆分": SPLIT_PARENT, "拆分": SPLIT_CHILD}
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
_AREAS = ("plot_area", "cultivated_area", "pbf_area", "outflow_area")
_CLASSES = ("class_before_code", "class_before_name", "class_after_code", "class_after_name")
_TEXTS = ("outflow_reason", "party_name", "responsible_leader", "field_chief", "remark")
_PLAN_TEXTS = ("responsible_person", "responsible_title", "responsible_phone", "rect_measure")
_FILLED_DOWN = frozenset(
    {
        "county_name",
        "region_name",
        "township_name",
        "village_name",
        "zldw_name",
        "zldw_code",
        "group_name",
        "outflow_year",
    }
    | {"outflow_type", "responsible_leader", "responsible_person", "field_chief", *_CLASSES}
)
_USED = frozenset(
    {*IDENTITY_FIELDS, *_AREAS, *_CLASSES, *_TEXTS, *_PLAN_TEXTS, *(name for group in _PLACES for name in group)}
    | {"outflow_year", "outflow_type", "restore_attr", "split_status", "parent_plot_no", "build_date", "plan_deadline"}
    | {"lon", "lat", "coord_x", "coord_y", "coord_text", "party_phone"}
)


class RowReader:
    """Reads the data rows of one sheet, from the top.

    Args:
        sheet: Which sheet, for the readings.
        columns: The columns that are used, by field.
        area_field: The area that the list means as the task.
        places: Reads places.
        merges: Merged blocks of the sheet.
        blanks_certain: Whether an empty cell is surely empty.
        width: How many columns the sheet has.
    """

    def __init__(
        self,
        sheet: int,
        columns: Mapping[str, MappedColumn],
        area_field: str,
        places: PlaceReader,
        *,
        merges: Iterable[Merge] = (),
        blanks_certain: bool = True,
        width: int = 0,
    ) -> None:
        self._sheet = sheet
        self._columns = {name: column for name, column in columns.items() if name in _USED or name == area_field}
        self._places = places
        # One more cell behind the last one stands for every column that the list has not.
        self._width = max([width, *(column.column.index + 1 for column in columns.values())])
        self._at = {
            name: self._columns[name].column.index if name in self._columns else -1 for name in _USED | {area_field}
        }
        self._area_field = area_field
        self._unit = self._columns[area_field].unit if area_field in self._columns else None
        self._place_of = itemgetter(*(self._first(names) for names in _PLACES))
        self._fallback = self._at["region_name"] if self._at["county_name"] >= 0 else -1
        self._raw_places: dict[tuple[str, ...], Place] = {}
        self._classes_of = itemgetter(*(self._at[name] for name in _CLASSES))
        self._texts_of = itemgetter(*(self._at[name] for name in _TEXTS))
        self._plans = any(self._at[name] >= 0 for name in (*_PLAN_TEXTS, "plan_deadline"))
        self._centres = any(self._at[name] >= 0 for name in ("lon", "lat", "coord_x", "coord_y", "coord_text"))
        self._filled = [column.column.index for name, column in self._columns.items() if name in _FILLED_DOWN]
        self._merged = _rows_below(merges, {column.column.index for column in self._columns.values()})
        self._above: list[str] = []
        self._blank_columns = [] if blanks_certain else self._doubtful()
        self._kinds: dict[str, str] = {}

    def _first(self, names: Sequence[str]) -> int:
        return next((self._at[name] for name in names if self._at[name] >= 0), -1)

    def _doubtful(self) -> list[MappedColumn]:
        """Columns in which an empty cell may hide a formula that was never calculated."""
        kinds = {FieldKind.IDENTITY, FieldKind.AREA, FieldKind.DATE}
        return [
            column for column in self._columns.values() if fields()[column.field].kind in kinds and not column.blanks
        ]

    def read(self, row: SheetRow) -> Reading:
        """What the row says; never raises for what stands in it."""
        texts, kinds = self._cells(row)
        place = self._place(texts)
        reading = Reading(self._sheet, row.number, place)
        if place.refused is not None:
            reading.refusals.append(Trouble(self._at["township_name"], *place.refused))
        for code, message in place.notes:
            reading.notes.append(Trouble(self._at["zldw_name"], code, message))
        self._read_marks(reading, row, texts, kinds)
        self._read_identity(reading, texts, kinds)
        self._read_areas(reading, texts, kinds)
        self._read_facts(reading, texts, kinds)
        if reading.refusals and self._is_blank(reading, texts):
            reading.blank = True
        return reading

    # ------------------------------------------------------------------------------------------------------- the cells

    def _cells(self, row: SheetRow) -> tuple[list[str], str]:
        missing = self._width - len(row.texts)
        texts = [*row.texts[: self._width], *[""] * (missing + 1)] if missing > 0 else [*row.texts[: self._width], ""]
        kinds = row.kinds.ljust(self._width + 1, CellKind.TEXT.value)
        above = self._above
        if above:
            covered = self._merged.get(row.number)
            for column in self._filled:
                text = texts[column]
                if text in values.SAME_AS_ABOVE or (covered and column in covered and not text):
                    texts[column] = above[column]
        self._above = texts
        return texts, kinds

    def _place(self, texts: list[str]) -> Place:
        raw = self._place_of(texts)
        place = self._raw_places.get(raw)
        if place is None:
            parts = [values.plain(text) for text in raw]
            if not parts[0] and self._fallback >= 0:
                parts[0] = values.plain(texts[self._fallback])
                return self._places.place(RawPlace(*parts))
            place = self._raw_places[raw] = self._places.place(RawPlace(*parts))
        return place

    def _read_marks(self, reading: Reading, row: SheetRow, texts: list[str], kinds: str) -> None:
        """Errors, formulas without a value, struck and merged cells, and blanks that may be formulas."""
        if CellKind.ERROR in kinds or CellKind.UNCALCULATED in kinds:
            for name, column in self._columns.items():
                self._check_value(reading, name, column, kinds[column.column.index], texts[column.column.index])
        if row.struck:
            struck = [column.column.index for column in self._columns.values() if column.column.index in row.struck]
            if struck:
                text = "这一行画了删除线，可能已经核减，程序不能替您定。要导入就去掉删除线，不要就删掉这一行。"
                reading.refusals.append(Trouble(min(struck), "struck_through", text))
        if self._merged:
            self._check_merged(reading, row.number, texts)
        for column in self._blank_columns:
            index = column.column.index
            if not texts[index] and kinds[index] == CellKind.TEXT:
                title = f"“{column.column.title}”是空的。"
                text = title + "旧格式的文件里，空格和没有算出来的公式分不清，请在 WPS 里另存为 .xlsx 再导入。"
                reading.refusals.append(Trouble(index, "blank_uncertain", text))

    def _check_value(self, reading: Reading, name: str, column: MappedColumn, kind: str, text: str) -> None:
        if kind == CellKind.ERROR:
            trouble = Trouble(
                column.column.index,
                "error_cell",
                f"“{column.column.title}”是错误值 {text}，不能当成空白。请在原表改好。",
            )
        elif kind == CellKind.UNCALCULATED:
            text = f"“{column.column.title}”是没有算出结果的公式，不能当成空白。请在 WPS 里打开原表，保存一次再导入。"
            trouble = Trouble(column.column.index, "formula_without_value", text)
        else:
            return
        harmless = fields()[name].kind is FieldKind.TEXT and name not in _CLASSES and name != "split_status"
        (reading.notes if harmless else reading.refusals).append(trouble)

    def _check_merged(self, reading: Reading, number: int, texts: list[str]) -> None:
        covered = self._merged.get(number)
        if not covered:
            return
        for name in (*IDENTITY_FIELDS, self._area_field):
            index = self._at[name]
            if index in covered and not texts[index]:
                title = self._columns[name].column.title
                text = f"“{title}”和上一行合并成了一格，分不出是谁的。请在原表取消合并，每行各填各的。"
                reading.refusals.append(Trouble(index, "merged_cell", text))

    # ---------------------------------------------------------------------------------------------------- its contents

    def _read_identity(self, reading: Reading, texts: list[str], kinds: str) -> None:
        found = False
        for name in IDENTITY_FIELDS:
            index = self._at[name]
            if index < 0 or not texts[index]:
                continue
            if kinds[index] in {CellKind.ERROR, CellKind.UNCALCULATED}:
                found = True
                continue
            try:
                value = values.identifier(kinds[index], texts[index])
            except CellTrouble as trouble:
                found = True
                title = self._columns[name].column.title
                reading.refusals.append(Trouble(index, trouble.code, f"“{title}”{trouble.message}"))
            else:
                found = found or bool(value)
                setattr(reading, name, value)
        if not found and not any(trouble.code == "merged_cell" for trouble in reading.refusals):
            text = "没有图斑编号，也没有标识码或线索编号，不知道是哪个图斑。请补上编号。"
            reading.refusals.append(Trouble(self._first(("plot_no", *IDENTITY_FIELDS)), "identity_missing", text))

    def _read_areas(self, reading: Reading, texts: list[str], kinds: str) -> None:
        index = self._at[self._area_field]
        reading.issued_text, reading.issued_unit = texts[index].strip(), self._unit
        if self._unit is not None and kinds[index] not in {CellKind.ERROR, CellKind.UNCALCULATED}:
            cell = self._area(reading, self._area_field, texts[index], kinds[index], refuse=True)
            if cell is not None:
                reading.issued_area, reading.issued_unit = cell.micro_mu, cell.unit
                if cell.rounded:
                    text = f"“{reading.issued_text}”比 0.000001 亩还细，按四舍五入取到 0.000001 亩。"
                    reading.notes.append(Trouble(index, "area_rounded", text))
            elif not any(trouble.column == index for trouble in reading.refusals):
                title = self._columns[self._area_field].column.title
                text = f"“{title}”没有填，这是要整改的面积，不能空着。请在原表补上。"
                reading.refusals.append(Trouble(index, "area_missing", text))
        reading.areas = tuple([self._other_area(reading, name, texts, kinds) for name in _AREAS])

    def _other_area(self, reading: Reading, name: str, texts: list[str], kinds: str) -> int | None:
        index = self._at[name]
        if index < 0:
            return None
        if name == self._area_field:
            return reading.issued_area
        if not texts[index] or self._columns[name].unit is None:
            return None
        if kinds[index] in {CellKind.ERROR, CellKind.UNCALCULATED}:
            return None
        cell = self._area(reading, name, texts[index], kinds[index], refuse=True)
        return cell.micro_mu if cell is not None else None

    def _area(self, reading: Reading, name: str, text: str, kind: str, *, refuse: bool) -> values.AreaCell | None:
        column = self._columns[name]
        try:
            return values.area(kind, text.strip(), column.unit or AreaUnit.MU)
        except CellTrouble as trouble:
            found = Trouble(column.column.index, trouble.code, f"“{column.column.title}”写的是{trouble.message}")
            (reading.refusals if refuse else reading.notes).append(found)
            return None

    def _read_facts(self, reading: Reading, texts: list[str], kinds: str) -> None:
        self._read_year(reading, texts, kinds)
        self._read_split(reading, texts)
        kind = texts[self._at["outflow_type"]]
        if kind:
            reading.kind = self._kind(reading, kind)
        classes = self._classes_of(texts)
        if classes != ("", "", "", ""):
            reading.classes = (*values.class_pair(*classes[:2]), *values.class_pair(*classes[2:]))
        reading.restore = values.restore_attribute(texts[self._at["restore_attr"]])
        parts = self._texts_of(texts)
        reading.texts = tuple([values.plain(part) if part else "" for part in parts])
        reading.contact = values.plain(texts[self._at["party_phone"]])
        if texts[self._at["build_date"]]:
            reading.built_on = self._day(reading, "build_date", texts, kinds)
        if self._centres:
            reading.centre = self._centre(texts)
        if self._plans:
            reading.plan = self._plan(reading, texts, kinds)

    def _read_year(self, reading: Reading, texts: list[str], kinds: str) -> None:
        index = self._at["outflow_year"]
        text = texts[index]
        if not text or kinds[index] in {CellKind.ERROR, CellKind.UNCALCULATED}:
            return
        try:
            reading.year = values.year(kinds[index], text)
        except CellTrouble as trouble:
            title = self._columns["outflow_year"].column.title
            reading.refusals.append(Trouble(index, trouble.code, f"“{title}”写的是{trouble.message}"))

    def _read_split(self, reading: Reading, texts: list[str]) -> None:
        status = texts[self._at["split_status"]].strip()
        if status:
            reading.split = _SPLITS.get(status, "")
        parent = texts[self._at["parent_plot_no"]].strip()
        if parent and parent not in values.NOTHING:
            reading.parent_no = values.plain(parent)

    def _kind(self, reading: Reading, text: str) -> str:
        code = self._kinds.get(text)
        if code is None:
            found = values.problem_kind(text)
            code = self._kinds[text] = found.value if found else ""
        if not code and text.strip() not in values.NOTHING:
            note = f"流出类型“{text.strip()}”不在非农化、非粮化、撂荒、其他之中，原文保留，自查时再定。"
            reading.notes.append(Trouble(self._at["outflow_type"], "kind_unknown", note))
        return code

    def _day(self, reading: Reading, name: str, texts: list[str], kinds: str) -> date | None:
        index = self._at[name]
        if kinds[index] in {CellKind.ERROR, CellKind.UNCALCULATED}:
            return None
        try:
            return values.day(kinds[index], texts[index])
        except CellTrouble as trouble:
            title = self._columns[name].column.title
            reading.notes.append(
                Trouble(index, trouble.code, f"“{title}”写的是{trouble.message}原文保留，不当成日期。")
            )
            return None

    def _centre(self, texts: list[str]) -> tuple[int | None, int | None, str]:
        """Degrees where the list gives degrees; the text as issued else."""
        for first, second in (("lon", "lat"), ("coord_x", "coord_y")):
            one, other = texts[self._at[first]].strip(), texts[self._at[second]].strip()
            if one and other:
                found = values.centre(one, other)
                return (*found, "") if found else (None, None, f"{one},{other}")
        text = texts[self._at["coord_text"]].strip()
        one, comma, other = text.replace("，", ",").replace("、", ",").partition(",")
        found = values.centre(one, other) if comma else None
        return (*found, text) if found else (None, None, text)

    def _plan(self, reading: Reading, texts: list[str], kinds: str) -> Plan | None:
        person, title, phone, measure = (values.plain(texts[self._at[name]]) for name in _PLAN_TEXTS)
        deadline = self._day(reading, "plan_deadline", texts, kinds) if texts[self._at["plan_deadline"]] else None
        plan = Plan(person, title, phone, measure, deadline)
        return plan if any(plan) else None

    def _is_blank(self, reading: Reading, texts: list[str]) -> bool:
        """Whether nothing but perhaps a number of order stands in the row: a form that was numbered in advance."""
        used = {column.column.index for column in self._columns.values()}
        return not any(texts[index].strip() for index in used) and not any(
            trouble.code in {"error_cell", "formula_without_value", "merged_cell"} for trouble in reading.refusals
        )


def _rows_below(merges: Iterable[Merge], columns: set[int]) -> dict[int, set[int]]:
    """Row → used columns whose cell belongs to a block that began above."""
    below: dict[int, set[int]] = {}
    for merge in merges:
        inside = columns.intersection(range(merge.first_column, merge.last_column + 1))
        if inside:
            for row in range(merge.first_row + 1, merge.last_row + 1):
                below.setdefault(row, set()).update(inside)
    return below
