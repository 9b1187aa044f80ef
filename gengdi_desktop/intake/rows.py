"""What a row of a list says: which plot, where, how much, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.intake import values
from gengdi_desktop.intake.facts import FACT_FIELDS, FactReader
from gengdi_desktop.intake.fields import IDENTITY_FIELDS
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.marks import CLASS_FIELDS, CellMarks, is_broken
from gengdi_desktop.intake.places import Place, PlaceReader, RawPlace
from gengdi_desktop.intake.plain_rows import AreaColumn, Layout, PlainRows
from gengdi_desktop.intake.readings import Reading, Trouble
from gengdi_desktop.intake.values import CellTrouble
from gengdi_desktop.sheets.cells import CellKind, Merge, SheetRow

AREA_FIELDS = ("plot_area", "cultivated_area", "pbf_area", "outflow_area")
"""The areas of a reading, in their order."""

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
_FILLED_DOWN = frozenset(
    {
        *("county_name", "region_name", "township_name", "village_name", "zldw_name", "zldw_code", "group_name"),
        *("outflow_year", "outflow_type", "responsible_leader", "responsible_person", "field_chief", *CLASS_FIELDS),
    }
)
_NOTHING_SAID: Mapping[int, Mapping[int, str]] = {}
_SLACK = 10_000  # 0.01 mu: lists are rounded to two decimals
_USED = frozenset({*IDENTITY_FIELDS, *AREA_FIELDS, *FACT_FIELDS, *(name for group in _PLACES for name in group)})


class RowReader:
    """Reads the data rows of one sheet, from the top.

    Args:
        sheet: Which sheet, for the readings.
        columns: The columns that are used, by field.
        area_field: The area that the list means as the task.
        places: Reads places.
        merges: Merged blocks of the sheet.
        doubtful: Columns in which an empty cell may hide a formula without a value.
        width: How many columns the sheet has.
        said: What a person says of cells: row → column from 0 → text.
    """

    def __init__(
        self,
        sheet: int,
        columns: Mapping[str, MappedColumn],
        area_field: str,
        places: PlaceReader,
        *,
        merges: Iterable[Merge] = (),
        doubtful: Iterable[MappedColumn] = (),
        width: int = 0,
        said: Mapping[int, Mapping[int, str]] = _NOTHING_SAID,
    ) -> None:
        self._said = said
        self._sheet = sheet
        self._columns = {name: column for name, column in columns.items() if name in _USED or name == area_field}
        self._places = places
        # One more cell behind the last one stands for every column that the list has not.
        self._width = max([width, *(column.column.index + 1 for column in columns.values())])
        used = _USED | {area_field}
        self._at = {name: self._columns[name].column.index if name in self._columns else -1 for name in used}
        self._marks = CellMarks(self._columns, area_field, merges, doubtful)
        self._facts = FactReader(self._columns, self._at, places.near)
        self._place_of = itemgetter(*(self._first(names) for names in _PLACES))
        self._fallback = self._at["region_name"] if self._at["county_name"] >= 0 else -1
        self._raw_places: dict[tuple[str, ...], Place] = {}
        self._identities = [(name, self._at[name]) for name in IDENTITY_FIELDS if self._at[name] >= 0]
        self._area_field = area_field
        self._unit = self._columns[area_field].unit if area_field in self._columns else None
        self._micro = self._unit.micro_mu if self._unit is not None else 0
        self._area_at = self._at[area_field]
        self._areas = [self._area_plan(name) for name in AREA_FIELDS]
        self._filled = [column.column.index for name, column in self._columns.items() if name in _FILLED_DOWN]
        self._above: list[str] = []
        self._plain = self._plain_rows()

    def _plain_rows(self) -> PlainRows | None:
        """Who reads the rows in which nothing is out of the ordinary; nobody where the sheet itself is so."""
        if self._unit is None or self._marks.looks_closely:
            return None
        issued = AREA_FIELDS.index(self._area_field) if self._area_field in AREA_FIELDS else -1
        areas = [
            AreaColumn(place, at, micro)
            for place, (_, at, micro, unit) in enumerate(self._areas)
            if unit is not None or place == issued
        ]
        facts = self._facts
        return PlainRows(
            Layout(
                sheet=self._sheet,
                width=self._width,
                at=self._at,
                place_of=self._place_of,
                identities=self._identities,
                issued=self._area_at,
                unit=self._unit,
                areas=areas,
                texts_of=facts.texts_of if facts.has_persons else None,
                plan_of=facts.plan_of if facts.has_plan else None,
                read_centre=facts.centres.read if facts.centres.present else None,
            )
        )

    def _first(self, names: Sequence[str]) -> int:
        return next((self._at[name] for name in names if self._at[name] >= 0), -1)

    def _area_plan(self, name: str) -> tuple[str, int, int, AreaUnit | None]:
        """Name, column and unit of an area; no unit where nothing can be read from it."""
        column = self._columns.get(name)
        if column is None or column.unit is None or name == self._area_field:
            return name, -1, 0, None
        return name, column.column.index, column.unit.micro_mu, column.unit

    def read(self, row: SheetRow) -> Reading:
        """What the row says; never raises for what stands in it."""
        if row.number in self._said:
            return self._read_as_said(row, self._said[row.number])
        return self._read(row)

    def _read_as_said(self, row: SheetRow, said: Mapping[int, str]) -> Reading:
        """Read a row with what a person says of some cells; the words of the file stay beside it."""
        texts, kinds = list(row.texts), list(row.kinds)
        missing = max(said) + 1 - len(texts)
        texts += [""] * missing
        kinds += [CellKind.TEXT.value] * missing
        written = {column: texts[column].strip() for column in said}
        for column, text in said.items():
            texts[column], kinds[column] = text, CellKind.TEXT.value
        reading = self._read(row._replace(texts=texts, kinds="".join(kinds)))
        for column, text in said.items():
            told = f"原表写的是“{written[column]}”，按人工填写的“{text}”录入，原文保留。"
            reading.note(Trouble(column, "cell_said", told))
        if self._area_at in written:
            reading.issued_text = written[self._area_at]
        return reading

    def _read(self, row: SheetRow) -> Reading:
        texts = self._cells(row)
        plain = self._plain.read(row, texts) if self._plain is not None else None
        if plain is not None:
            return plain
        kinds = row.kinds if len(row.kinds) >= self._width else row.kinds.ljust(self._width, CellKind.TEXT.value)
        place = self._raw_places.get(self._place_of(texts)) or self._place(texts)
        reading = Reading(self._sheet, row.number, place)
        if place.refused is not None:
            reading.refuse(Trouble(self._at["township_name"], *place.refused))
        for code, message in place.notes:
            reading.note(Trouble(self._at["zldw_name"], code, message))
        self._marks.check(reading, row, texts, kinds)
        self._read_identity(reading, texts, kinds)
        self._read_areas(reading, texts, kinds)
        self._facts.read(reading, texts, kinds)
        if reading.refusals and self._is_blank(reading, texts):
            reading.blank = True
        if self._plain is not None:
            self._plain.learn(row, texts, reading)
        return reading

    def _cells(self, row: SheetRow) -> list[str]:
        """The texts of the row, as wide as the sheet, with what is repeated from above filled in."""
        texts = row.texts
        missing = self._width - len(texts)
        texts.extend([""] * (missing + 1)) if missing >= 0 else texts.append("")
        above = self._above
        if above and (self._marks.below or not values.SAME_AS_ABOVE.isdisjoint(texts)):
            covered = self._marks.below.get(row.number) if self._marks.below else None
            for column in self._filled:
                text = texts[column]
                if text in values.SAME_AS_ABOVE or (covered and column in covered and not text):
                    texts[column] = above[column]
        self._above = texts
        return texts

    def _place(self, texts: list[str]) -> Place:
        raw = self._place_of(texts)
        parts = [values.plain(text) for text in raw]
        if not parts[0] and self._fallback >= 0:
            parts[0] = values.plain(texts[self._fallback])
            return self._places.place(RawPlace(*parts))
        place = self._raw_places[raw] = self._places.place(RawPlace(*parts))
        return place

    def _read_identity(self, reading: Reading, texts: list[str], kinds: str) -> None:
        found = False
        for name, index in self._identities:
            text = texts[index]
            if not text:
                continue
            if kinds[index] == "t" and text.isascii() and text.isalnum():
                setattr(reading, name, text)  # nearly all numbers of lists are such texts already
                found = True
            elif is_broken(kinds[index]):
                found = True
            else:
                found = self._read_odd_identity(reading, name, kinds[index], text) or found
        if not found and not any(trouble.code == "merged_cell" for trouble in reading.refusals):
            text = "没有图斑编号，也没有标识码或线索编号，不知道是哪个图斑。请补上编号。"
            reading.refuse(Trouble(self._first(("plot_no", *IDENTITY_FIELDS)), "identity_missing", text))

    def _read_odd_identity(self, reading: Reading, name: str, kind: str, text: str) -> bool:
        try:
            value = values.identifier(kind, text)
        except CellTrouble as trouble:
            title = self._columns[name].column.title
            reading.refuse(Trouble(self._at[name], trouble.code, f"“{title}”{trouble.message}"))
            return True
        setattr(reading, name, value)
        return bool(value)

    def _read_areas(self, reading: Reading, texts: list[str], kinds: str) -> None:
        index, unit = self._area_at, self._unit
        text = texts[index].strip()
        reading.issued_text, reading.issued_unit = text, unit
        if unit is not None and not is_broken(kinds[index]):
            micro = values.plain_area(text, self._micro)
            if micro is not None:
                reading.issued_area = micro
            else:
                self._read_issued(reading, text, kinds[index], unit)
        areas = []
        for name, at, micro, own in self._areas:
            if own is None:
                areas.append(reading.issued_area if name == self._area_field else None)
                continue
            text = texts[at]
            value = values.plain_area(text, micro)
            if value is None and text:
                value = self._odd_area(reading, name, text, kinds[at], own)
            areas.append(value)
        reading.areas = plot, cultivated, basic, _ = areas[0], areas[1], areas[2], areas[3]
        if (cultivated is not None and plot is not None and cultivated > plot + _SLACK) or (
            basic is not None and cultivated is not None and basic > cultivated + _SLACK
        ):
            told = "永农面积应不大于耕地面积，耕地面积应不大于图斑面积，这一行不是这样，请核对。原数照收。"
            reading.note(Trouble(self._area_at, "area_order", told))
        if reading.issued_area == 0:
            reading.note(Trouble(self._area_at, "area_zero", "要整改的面积是 0，请核对。原数照收。"))

    def _read_issued(self, reading: Reading, text: str, kind: str, unit: AreaUnit) -> None:
        """The area that is the task, where it is no plain decimal."""
        cell = self._area(reading, self._area_field, text, kind, unit)
        if cell is not None:
            reading.issued_area, reading.issued_unit = cell.micro_mu, cell.unit
            if cell.rounded:
                told = f"“{text}”比 0.000001 亩还细，按四舍五入取到 0.000001 亩。"
                reading.note(Trouble(self._area_at, "area_rounded", told))
        elif not any(trouble.column == self._area_at for trouble in reading.refusals):
            title = self._columns[self._area_field].column.title
            told = f"“{title}”没有填，这是要整改的面积，不能空着。请在原表补上。"
            reading.refuse(Trouble(self._area_at, "area_missing", told))

    def _odd_area(self, reading: Reading, name: str, text: str, kind: str, unit: AreaUnit) -> int | None:
        if is_broken(kind):
            return None
        cell = self._area(reading, name, text.strip(), kind, unit)
        return cell.micro_mu if cell is not None else None

    def _area(self, reading: Reading, name: str, text: str, kind: str, unit: AreaUnit) -> values.AreaCell | None:
        try:
            return values.area(kind, text, unit)
        except CellTrouble as trouble:
            column = self._columns[name].column
            reading.refuse(Trouble(column.index, trouble.code, f"“{column.title}”写的是{trouble.message}"))
            return None

    def _is_blank(self, reading: Reading, texts: list[str]) -> bool:
        """Whether nothing but perhaps a number of order stands in the row: a form that was numbered in advance."""
        used = {column.column.index for column in self._columns.values()}
        return not any(texts[index].strip() for index in used) and not any(
            trouble.code in {"error_cell", "formula_without_value", "merged_cell"} for trouble in reading.refusals
        )
