"""The rows of an import, made from its preview: plots, identifiers, lines with their cells, private cells sealed."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

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
_TOLD_EVERY = 500
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


_Column = Callable[[Sequence[Entering]], "list[Value]"]
"""Makes the values of one column for a block of rows."""


def _of_readings(value_of: Callable[[Reading], Value]) -> _Column:
    return lambda block: [value_of(one.reading) for one in block]


def _of_places(name: str) -> _Column:
    value_of = attrgetter(name)
    return lambda block: [value_of(one.reading.place) for one in block]


def _part(name: str, index: int) -> _Column:
    tuple_of = attrgetter(name)
    return lambda block: [tuple_of(one.reading)[index] for one in block]


_READ_COLUMNS: Mapping[str, _Column] = {
    "county": _of_places("county"),
    "township": _of_places("township"),
    "township_code": _of_places("township_code"),
    "village": _of_places("village"),
    "village_code": _of_places("village_code"),
    "group_name": _of_places("group"),
    "plot_no": _of_readings(attrgetter("plot_no")),
    "outflow_year": _of_readings(attrgetter("year")),
    "kind": _of_readings(attrgetter("kind")),
    "class_before": _part("classes", 0),
    "class_before_name": _part("classes", 1),
    "class_after": _part("classes", 2),
    "class_after_name": _part("classes", 3),
    "plot_area": _part("areas", 0),
    "cultivated_area": _part("areas", 1),
    "basic_area": _part("areas", 2),
    "outflow_area": _part("areas", 3),
    "issued_area": _of_readings(lambda reading: reading.issued_area or 0),
    "restore_attribute": _of_readings(attrgetter("restore")),
    "centre_longitude": _part("centre", 0),
    "centre_latitude": _part("centre", 1),
    "centre_text": _part("centre", 2),
    "split_status": _of_readings(attrgetter("split")),
    "state": _of_readings(lambda reading: _SPLIT if reading.split == SPLIT_PARENT else _ISSUED),
    "cause": _part("texts", 0),
    "party": _part("texts", 1),
    "built_on": _of_readings(lambda reading: reading.built_on.isoformat() if reading.built_on else None),
    "responsible_leader": _part("texts", 2),
    "grid_chief": _part("texts", 3),
    "remark": _part("texts", 4),
}
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
        outcomes = [decision.outcome for decision in preview.decisions]
        self._ids = _new_ids([place for place, outcome in enumerate(outcomes) if outcome is RowOutcome.IMPORTED])
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
        blocks = [new[start : start + _AT_ONCE] for start in range(0, len(new), _AT_ONCE)]
        makers = self._plot_columns(work, first_position)
        said = [
            name
            for name, (says, _) in makers.items()
            if name == "id" or any(not _UNSAID.issuperset(says(block)) for block in blocks)
        ]
        rows = (zip(*(makers[name][1](block) for name in said), strict=True) for block in blocks)
        return tuple(said), chain.from_iterable(rows)

    def _plot_columns(self, work: Work, first_position: int) -> dict[str, tuple[_Column, _Column]]:
        """For each column what makes something of it only where a row says something, and what makes its values."""
        sealed = {
            "party_contact": (
                _of_readings(attrgetter("contact")),
                _of_readings(lambda one: work.private("plot.party_contact", one.contact) if one.contact else None),
            )
        }
        system = self._preview.class_system
        columns: dict[str, _Column] = {
            "id": lambda block: [one.plot for one in block],
            "entry": lambda block: [work.seq] * len(block),
            "position": lambda block: [first_position + one.position for one in block],
            "split_parent": lambda block: [self._parent(one) if one.reading.split else None for one in block],
            "class_system": lambda block: [system if one.reading.classes != Reading.classes else "" for one in block],
            **_READ_COLUMNS,
        }
        return {name: (make, make) for name, make in columns.items()} | sealed

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
            [line_problem(one) for one in wanted],
            [reading.issued_text for reading in readings],
            [units[reading.issued_unit] for reading in readings],
            [reading.issued_area or 0 for reading in readings],
            self._cells(work, wanted),
            strict=False,  # an endless column stands among them
        )

    def fillings(self, work: Work, wanted: Sequence[Entering]) -> Iterator[tuple[tuple[str, int], dict[str, Value]]]:
        """For lines that stood open: sheet and row, and what the corrected file says."""
        cells = self._cells(work, wanted)
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

    def _cells(self, work: Work, wanted: Sequence[Entering]) -> Iterator[str]:
        """The texts of the wanted rows as JSON; the rows are streamed once more, so that they never stand in memory."""
        private = sorted(self._preview.private)
        rows = iter(wanted)
        one = next(rows, None)
        made = 0
        for sheet in self._preview.sheets_read:
            position = sheet.sheet.position
            for number, texts in sheet.sheet.cell_texts():
                if one is None or one.reading.sheet != position:
                    break
                if one.reading.row == number:
                    yield self._sealed(work, texts, private) if private else texts
                    one = next(rows, None)
                    made += 1
                    if self._progress is not None and not made % _TOLD_EVERY:
                        self._progress(made, len(wanted))

    @staticmethod
    def _sealed(work: Work, cells: str, private: Sequence[int]) -> str:
        texts = json.loads(cells)
        for column in private:
            if column < len(texts) and texts[column].strip():
                texts[column] = SEALED + work.private("list_line.cells", texts[column].strip())
        return _encode(texts)


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
