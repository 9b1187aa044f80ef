"""The rows of an import, made from its preview: plots, identifiers, lines with their cells, private cells sealed."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.diff import RowOutcome, issued_values
from gengdi_desktop.intake.previews import Decision, ImportPreview
from gengdi_desktop.intake.read_sheets import Progress
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Reading
from gengdi_desktop.intake.store import CHILD, ENTERED, OPEN
from gengdi_desktop.ledger.words import SEALED

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.storage.unit_of_work import Work

_ENTERING = frozenset({RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE})
_IDENTIFIERS = ("bsm", "clue_no", "monitor_no", "local_no")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")
_ID_BYTES = 16
_UNSAID: frozenset[Value] = frozenset({"", None})
_ISSUED, _SPLIT = State.ISSUED.value, State.SPLIT.value
_AT_ONCE = 1000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Entering(NamedTuple):
    """A row that goes into the ledger, or stays open beside it."""

    position: int
    reading: Reading
    decision: Decision
    plot: str | None


class _Said(NamedTuple):
    """Columns of a plot that stand together in a reading.

    Args:
        columns: Their names.
        place: Where they stand: an attribute, which many readings share.
        parts: Takes their values out of it, in this order; None where it is the one value itself.
    """

    columns: tuple[str, ...]
    place: str
    parts: Callable[[Any], Sequence[Value]] | None = None

    def values(self, readings: Iterable[Reading]) -> Iterator[tuple[str, Sequence[Value]]]:
        """Each column with its values."""
        return self._by_column(list(map(attrgetter(self.place), readings)))

    def said(self, readings: Sequence[Reading]) -> Iterator[str]:
        """The columns in which any reading says something."""
        for at, name in enumerate(self.columns):
            found: Iterable[Any] = map(attrgetter(self.place), readings)
            if self.parts is not None:
                found = map(itemgetter(at), map(self.parts, found))
            if not _UNSAID.issuperset(found):
                yield name

    def _by_column(self, found: list[Any]) -> Iterator[tuple[str, Sequence[Value]]]:
        if self.parts is None:
            return iter([(self.columns[0], found)])
        return zip(self.columns, zip(*map(self.parts, found), strict=True), strict=True)


_SAID = (
    _Said(
        ("county", "township", "township_code", "village", "village_code", "group_name"),
        "place",
        attrgetter("county", "township", "township_code", "village", "village_code", "group"),
    ),
    _Said(("class_before", "class_before_name", "class_after", "class_after_name"), "classes", tuple),
    _Said(("plot_area", "cultivated_area", "basic_area", "outflow_area"), "areas", tuple),
    _Said(("centre_longitude", "centre_latitude", "centre_text"), "centre", tuple),
    _Said(("cause", "party", "responsible_leader", "grid_chief", "remark"), "texts", tuple),
    *(
        _Said((column,), place)
        for column, place in (
            *(("plot_no", "plot_no"), ("outflow_year", "year"), ("kind", "kind")),
            *(("restore_attribute", "restore"), ("split_status", "split")),
        )
    ),
)
"""What rows say themselves."""


class ImportWriter:
    """Makes the rows of one import, column by column: a list may have a hundred thousand of them.

    Args:
        preview: What was previewed.
        partial: Whether refused rows stand open in the list.
        progress: Told now and then how many lines are made.
    """

    def __init__(self, preview: ImportPreview, *, partial: bool, progress: Progress | None = None) -> None:
        self._preview, self._progress = preview, progress
        self._names = {sheet.sheet.position: sheet.sheet.name for sheet in preview.sheets}
        imported = RowOutcome.IMPORTED
        self._ids = _new_ids([place for place, one in enumerate(preview.decisions) if one.outcome is imported])
        taken = _ENTERING | {RowOutcome.REFUSED} if partial else _ENTERING
        made = self._ids.get
        rows = zip(preview.readings, preview.decisions, strict=True)
        self.entering = [
            Entering(place, reading, decision, made(place) or _known_plot(decision))
            for place, (reading, decision) in enumerate(rows)
            if decision.outcome in taken
        ]
        self.new = [one for one in self.entering if one.position in self._ids]
        self.changed = [one for one in self.entering if one.decision.outcome is RowOutcome.CHANGED]
        said = [one.reading for one in self.entering]
        self._kinds = [kind for kind in _IDENTIFIERS if any(map(attrgetter(kind), said))]

    # ------------------------------------------------------------------------------------------------------- new plots

    def plots(self, work: Work, first_position: int) -> tuple[Sequence[str], Iterator[Sequence[Value]]]:
        """Names of columns and rows for the new plots, parents of split plots before their children.

        Columns in which no row says anything are left out: the schema's own defaults stand for them. The rows are made
        while they are asked for, so that the first are written while the last are still to be made.
        """
        new = self.new
        if any(one.reading.split for one in new):
            new = sorted(new, key=lambda one: one.reading.split == SPLIT_CHILD)
        names = self._plot_columns([one.reading for one in new])
        rows = (
            zip(*self._plot_values(work, new[start : start + _AT_ONCE], names, first_position), strict=True)
            for start in range(0, len(new), _AT_ONCE)
        )
        return names, chain.from_iterable(rows)

    @staticmethod
    def _plot_columns(readings: Sequence[Reading]) -> tuple[str, ...]:
        """The columns of new plots in which any row says something, the key first."""
        said = ["id", "entry", "position", "issued_area", "state"]
        for one in _SAID:
            said += one.said(readings)
        if any(name.startswith("class_") for name in said):
            said.append("class_system")
        if "split_status" in said:
            said.append("split_parent")
        if any(map(attrgetter("built_on"), readings)):
            said.append("built_on")
        if any(map(attrgetter("contact"), readings)):
            said.append("party_contact")
        return tuple(said)

    def _plot_values(
        self, work: Work, block: Sequence[Entering], names: Sequence[str], first_position: int
    ) -> list[Sequence[Value]]:
        """The values of some columns for some of the new plots."""
        readings = [one.reading for one in block]
        system = self._preview.class_system
        made: dict[str, Callable[[], Sequence[Value]]] = {
            "id": lambda: [one.plot for one in block],
            "entry": lambda: [work.seq] * len(block),
            "position": lambda: [first_position + one.position for one in block],
            "issued_area": lambda: [one.issued_area or 0 for one in readings],
            "state": lambda: [_SPLIT if one.split == SPLIT_PARENT else _ISSUED for one in readings],
            "class_system": lambda: [system if one.classes != Reading.classes else "" for one in readings],
            "split_parent": lambda: [self._parent(one) if one.reading.split else None for one in block],
            "built_on": lambda: [one.built_on.isoformat() if one.built_on else None for one in readings],
            "party_contact": lambda: [
                work.private("plot.party_contact", one.contact) if one.contact else None for one in readings
            ],
        }
        values = dict(
            chain.from_iterable(one.values(readings) for one in _SAID if not set(one.columns).isdisjoint(names))
        )
        return [made[name]() if name in made else values[name] for name in names]

    def _parent(self, one: Entering) -> str | None:
        position = self._preview.parents.get(one.position)
        if position is None:
            return None
        return self._preview.decisions[position].plot or self._ids.get(position)

    def rounds(self) -> Iterator[Sequence[Value]]:
        """Rows of ``ROUND_COLUMNS`` for new plots of which the list already says who does what by when."""
        for one in self.new:
            plan = one.reading.plan
            if plan is not None and one.reading.split != SPLIT_PARENT:
                # A mobile number is private: it stays with the line, sealed; an office telephone may be read.
                phone = "" if _MOBILE.fullmatch(plan.phone.replace(" ", "")) else plan.phone
                deadline = plan.deadline.isoformat() if plan.deadline else None
                yield (f"{one.plot}:1", one.plot, 1, plan.person, plan.title, phone, plan.measure, deadline)

    def identifiers(self, known: Mapping[str, frozenset[tuple[str, str]]]) -> list[tuple[str, str, str]]:
        """Plot, kind and value of every identifier that the ledger does not know yet.

        Args:
            known: Plot → kinds and values that it has.
        """
        nothing: frozenset[tuple[str, str]] = frozenset()
        values_of = [(kind, attrgetter(kind)) for kind in self._kinds]
        return [
            (one.plot, kind, value)
            for one in self.entering
            if one.plot is not None
            for kind, value_of in values_of
            if (value := value_of(one.reading)) and (not known or (kind, value) not in known.get(one.plot, nothing))
        ]

    # ----------------------------------------------------------------------------------------------------------- lines

    def lines(self, work: Work, list_id: int, first_key: int, wanted: Sequence[Entering]) -> Iterable[Sequence[Value]]:
        """Rows of ``LINE_COLUMNS`` for some of the rows, in the order of the file."""
        readings = [one.reading for one in wanted]
        names = self._names
        units = {None: ""} | {unit: unit.value for unit in AreaUnit}
        return zip(
            range(first_key, first_key + len(wanted)),
            repeat(list_id),
            [names[reading.sheet] for reading in readings],
            [reading.row for reading in readings],
            [one.plot for one in wanted],
            [line_status(one) for one in wanted],
            [None if one.plot is not None else line_problem(one) for one in wanted],
            [reading.issued_text for reading in readings],
            [units[reading.issued_unit] for reading in readings],
            [reading.issued_area or 0 for reading in readings],
            chain.from_iterable(self._cells(work, wanted)),
            strict=False,  # an endless column stands among them
        )

    def fillings(self, work: Work, wanted: Sequence[Entering]) -> Iterator[tuple[tuple[str, int], dict[str, Value]]]:
        """For lines that stood open: sheet and row, and what the corrected file says."""
        cells = chain.from_iterable(self._cells(work, wanted))
        for one in wanted:
            reading = one.reading
            yield (
                self.place(one),
                {
                    "plot_id": one.plot,
                    "status": line_status(one),
                    "problem": line_problem(one),
                    "issued_text": reading.issued_text,
                    "issued_unit": reading.issued_unit.value if reading.issued_unit else "",
                    "issued_area": reading.issued_area or 0,
                    "cells": next(cells),
                },
            )

    def place(self, one: Entering) -> tuple[str, int]:
        """Sheet and row of a line."""
        return self._names[one.reading.sheet], one.reading.row

    def _cells(self, work: Work, wanted: Sequence[Entering]) -> Iterator[Sequence[str]]:
        """The texts of the wanted rows as JSON; the rows are streamed once more, so that they never stand in memory."""
        private = sorted(self._preview.private)
        made = 0
        for sheet in self._preview.sheets_read:
            position = sheet.sheet.position
            rows = [one.reading.row for one in wanted if one.reading.sheet == position]
            at = 0
            for numbers, texts in sheet.sheet.cell_texts():
                if at == len(rows):
                    break
                found = _texts_of(rows[at : at + len(numbers)], numbers, texts)
                at += len(found)
                made += len(found)
                yield [self._sealed(work, one, private) for one in found] if private else found
                if self._progress is not None:
                    self._progress(made, len(wanted))

    @staticmethod
    def _sealed(work: Work, cells: str, private: Sequence[int]) -> str:
        texts = json.loads(cells)
        for column in private:
            if column < len(texts) and texts[column].strip():
                texts[column] = SEALED + work.private("list_line.cells", texts[column].strip())
        return _encode(texts)


def _texts_of(wanted: Sequence[int], numbers: Sequence[int], texts: Sequence[str]) -> Sequence[str]:
    """The texts of those rows that come next and stand in this block."""
    if wanted == numbers:
        return texts
    by_number = dict(zip(numbers, texts, strict=True))
    return [by_number[number] for number in wanted if number in by_number]


def _known_plot(decision: Decision) -> str | None:
    """The plot of the ledger that a row means; a refused row means none."""
    return None if decision.outcome is RowOutcome.REFUSED else decision.plot


def changed_values(reading: Reading) -> dict[str, Value]:
    """The columns of a plot that its new issue says; what it does not say is left out."""
    classes = zip(
        ("class_before", "class_before_name", "class_after", "class_after_name"), reading.classes, strict=True
    )
    said = issued_values(reading) | dict(classes)
    return {column: value for column, value in said.items() if value not in {None, ""}}


def line_status(one: Entering) -> str:
    """What a line is."""
    if one.plot is None:
        return OPEN
    return CHILD if one.reading.split == SPLIT_CHILD else ENTERED


def line_problem(one: Entering) -> str | None:
    """Why a line stands open; None where it does not."""
    if one.plot is not None:
        return None
    return "；".join(trouble.message.rstrip("。") for trouble in one.reading.refusals) + "。"


def _new_ids(positions: Sequence[int]) -> dict[int, str]:
    """A random id for each new plot, in ascending order: the index of ids grows at its end only."""
    digits = secrets.token_hex(_ID_BYTES * len(positions))
    length = 2 * _ID_BYTES
    ids = sorted(digits[start : start + length] for start in range(0, len(digits), length))
    return dict(zip(positions, ids, strict=True))
