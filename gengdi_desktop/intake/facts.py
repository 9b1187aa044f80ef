"""What a row says of its plot besides which it is and how large: year, kind, classes, persons, centre, plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import itemgetter

from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.intake import values
from gengdi_desktop.intake.centres import CENTRE_FIELDS, CentreReader
from gengdi_desktop.intake.mapping import MappedColumn
from gengdi_desktop.intake.marks import CLASS_FIELDS, is_broken
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Plan, Reading, Trouble
from gengdi_desktop.intake.values import CellTrouble

TEXT_FIELDS = ("outflow_reason", "party_name", "responsible_leader", "field_chief", "remark")
PLAN_FIELDS = ("responsible_person", "responsible_title", "responsible_phone", "rect_measure", "plan_deadline")
FACT_FIELDS = frozenset(
    {*CLASS_FIELDS, *TEXT_FIELDS, *PLAN_FIELDS, *CENTRE_FIELDS, "outflow_year", "outflow_type", "restore_attr"}
    | {"split_status", "parent_plot_no", "build_date", "party_phone"}
)

_SPLITS = {"被拆分": SPLIT_PARENT, "拆分": SPLIT_CHILD}
_NO_CLASSES = ("", "", "", "")
_CACHED = 20_000


class FactReader:
    """Reads the facts of rows; what a text means is worked out once for each different text.

    Args:
        columns: The columns that are used, by field.
        at: Field → index of its column; −1 for those that the list has not.
        near: Where the plots are expected; None where the program does not know.
    """

    def __init__(
        self, columns: Mapping[str, MappedColumn], at: Mapping[str, int], near: Locality | None = None
    ) -> None:
        self._columns = columns
        self._at = at
        self._classes_of = itemgetter(*(at[name] for name in CLASS_FIELDS))
        self.texts_of = itemgetter(*(at[name] for name in TEXT_FIELDS))
        """Takes the free words out of the texts of a row."""
        self.plan_of = itemgetter(*(at[name] for name in PLAN_FIELDS))
        """Takes the texts of who does what by when."""
        self.has_persons = any(at[name] >= 0 for name in (*TEXT_FIELDS, "party_phone", "build_date"))
        self.has_plan = any(at[name] >= 0 for name in PLAN_FIELDS)
        self.centres = CentreReader(columns, at, near)
        """Reads the coordinates."""
        self._classes: dict[tuple[str, ...], tuple[str, str, str, str]] = {_NO_CLASSES: _NO_CLASSES}
        self._years: dict[tuple[str, str], int | None] = {}
        self._kinds: dict[str, str] = {}
        self._restores: dict[str, str] = {"": ""}
        self._free: dict[str, str] = {"": ""}

    def read(self, reading: Reading, texts: list[str], kinds: str) -> None:
        """Put into the reading what the row says."""
        at = self._at
        if at["outflow_year"] >= 0:
            self._read_year(reading, texts, kinds)
        if at["outflow_type"] >= 0 and (kind := texts[at["outflow_type"]]):
            reading.kind = self._kind(reading, kind)
        classes = self._classes_of(texts)
        if classes != _NO_CLASSES:
            reading.classes = self._classes.get(classes) or self._read_classes(classes)
        if restore := texts[at["restore_attr"]]:
            reading.restore = self._restores.get(restore) or self._read_restore(restore)
        if self.has_persons:
            self._read_persons(reading, texts, kinds)
        if self.centres.present:
            self.centres.read(reading, texts)
        if self.has_plan:
            reading.plan = self._plan(reading, texts, kinds)
        if at["split_status"] >= 0 or at["parent_plot_no"] >= 0:
            self._read_split(reading, texts)

    def _read_persons(self, reading: Reading, texts: list[str], kinds: str) -> None:
        parts = self.texts_of(texts)
        if any(parts):
            reading.texts = tuple([self._free_text(part) for part in parts])
        if contact := texts[self._at["party_phone"]]:
            reading.contact = values.plain(contact)
        if texts[self._at["build_date"]]:
            reading.built_on = self._day(reading, "build_date", texts, kinds)

    def _free_text(self, text: str) -> str:
        found = self._free.get(text)
        if found is None:
            found = values.free_text(text)
            if len(self._free) < _CACHED:
                self._free[text] = found
        return found

    def _read_year(self, reading: Reading, texts: list[str], kinds: str) -> None:
        index = self._at["outflow_year"]
        key = kinds[index], texts[index]
        if key not in self._years:
            if is_broken(kinds[index]):
                return
            try:
                self._years[key] = values.year(*key)
            except CellTrouble as trouble:
                title = self._columns["outflow_year"].column.title
                reading.refuse(Trouble(index, trouble.code, f"“{title}”写的是{trouble.message}"))
                return
        reading.year = self._years[key]

    def _read_classes(self, classes: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
        found = (*values.class_pair(*classes[:2]), *values.class_pair(*classes[2:]))
        self._classes[classes] = found
        return found

    def _read_restore(self, text: str) -> str:
        found = self._restores[text] = values.restore_attribute(text)
        return found

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
            reading.note(Trouble(self._at["outflow_type"], "kind_unknown", note))
        return code

    def _day(self, reading: Reading, name: str, texts: list[str], kinds: str) -> date | None:
        index = self._at[name]
        if is_broken(kinds[index]):
            return None
        try:
            return values.day(kinds[index], texts[index])
        except CellTrouble as trouble:
            title = self._columns[name].column.title
            text = f"“{title}”写的是{trouble.message}原文保留，不当成日期。"
            reading.note(Trouble(index, trouble.code, text))
            return None

    def _plan(self, reading: Reading, texts: list[str], kinds: str) -> Plan | None:
        person, title, phone, measure = (texts[self._at[name]] for name in PLAN_FIELDS[:4])
        deadline = self._day(reading, "plan_deadline", texts, kinds) if texts[self._at["plan_deadline"]] else None
        plan = Plan(
            self._free_text(person), self._free_text(title), values.plain(phone), self._free_text(measure), deadline
        )
        return plan if any(plan) else None
