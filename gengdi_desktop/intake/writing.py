"""The rows of an import, made from its preview: plots, identifiers, lines with their cells, private cells sealed."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.diff import RowOutcome, issued_values
from gengdi_desktop.intake.previews import Decision, ImportPreview
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Reading
from gengdi_desktop.intake.store import CHILD, ENTERED, OPEN

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.storage.unit_of_work import Work

_ENTERING = frozenset({RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE})
_IDENTIFIERS = ("bsm", "clue_no", "monitor_no", "local_no")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")
_SEALED = "commitment:"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Entering(NamedTuple):
    """A row that goes into the ledger, or stays open beside it."""

    position: int
    reading: Reading
    decision: Decision
    plot: str | None


class ImportWriter:
    """Makes the rows of one import.

    Args:
        preview: What was previewed.
        partial: Whether refused rows stand open in the list.
    """

    def __init__(self, preview: ImportPreview, *, partial: bool) -> None:
        self._preview = preview
        self._ids = self._new_ids()
        self.entering = [
            one for one in self._all_entering() if partial or one.decision.outcome is not RowOutcome.REFUSED
        ]
        self.new = [one for one in self.entering if one.decision.outcome is RowOutcome.IMPORTED]
        self.changed = [one for one in self.entering if one.decision.outcome is RowOutcome.CHANGED]
        self._kinds = [kind for kind in _IDENTIFIERS if any(getattr(one.reading, kind) for one in self.entering)]
        self._names = {sheet.sheet.position: sheet.sheet.name for sheet in preview.sheets}

    def _new_ids(self) -> dict[int, str]:
        """A random id for each new plot, in ascending order: the index of ids grows at its end only."""
        positions = [
            position
            for position, decision in enumerate(self._preview.decisions)
            if decision.outcome is RowOutcome.IMPORTED
        ]
        ids = sorted(secrets.token_hex(16) for _ in positions)
        return dict(zip(positions, ids, strict=True))

    def _all_entering(self) -> Iterator[Entering]:
        for position, (reading, decision) in enumerate(
            zip(self._preview.readings, self._preview.decisions, strict=True)
        ):
            if decision.outcome in _ENTERING:
                yield Entering(position, reading, decision, decision.plot or self._ids[position])
            elif decision.outcome is RowOutcome.REFUSED:
                yield Entering(position, reading, decision, None)

    # ------------------------------------------------------------------------------------------------------- new plots

    def plots(self, work: Work, first_position: int) -> Iterator[Sequence[Value]]:
        """Rows of ``PLOT_COLUMNS`` for the new plots; parents of split plots before their children."""
        system = self._preview.class_system
        seq = work.seq
        parents_first = sorted(self.new, key=lambda one: one.reading.split == SPLIT_CHILD)
        for one in parents_first:
            reading, place = one.reading, one.reading.place
            classes = reading.classes
            longitude, latitude, centre = reading.centre
            parent = self._parent(one) if reading.split else None
            contact = work.private("plot.party_contact", reading.contact) if reading.contact else None
            yield (
                one.plot,
                seq,
                first_position + one.position,
                place.county,
                place.township,
                place.township_code,
                place.village,
                place.village_code,
                place.group,
                reading.plot_no,
                reading.year,
                reading.kind,
                system if classes[0] or classes[1] or classes[2] or classes[3] else "",
                *classes,
                *reading.areas,
                reading.issued_area or 0,
                reading.restore,
                longitude,
                latitude,
                centre,
                reading.split,
                parent,
                State.SPLIT.value if reading.split == SPLIT_PARENT else State.ISSUED.value,
                reading.texts[0],
                reading.texts[1],
                contact,
                reading.built_on.isoformat() if reading.built_on else None,
                reading.texts[2],
                reading.texts[3],
                reading.texts[4],
            )

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
        return [
            (one.plot, kind, value)
            for one in self.entering
            if one.plot is not None
            for kind in self._kinds
            if (value := getattr(one.reading, kind)) and (kind, value) not in known.get(one.plot, nothing)
        ]

    # ----------------------------------------------------------------------------------------------------------- lines

    def lines(self, work: Work, list_id: int, first_key: int, wanted: Sequence[Entering]) -> Iterator[Sequence[Value]]:
        """Rows of ``LINE_COLUMNS`` for some of the rows, in the order of the file."""
        cells = self._cells(work, wanted)
        names = self._names
        for key, one in enumerate(wanted, first_key):
            reading = one.reading
            unit = reading.issued_unit
            yield (
                key,
                list_id,
                names[reading.sheet],
                reading.row,
                one.plot,
                line_status(one),
                line_problem(one),
                reading.issued_text,
                unit.value if unit else "",
                reading.issued_area or 0,
                next(cells),
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
        for sheet in self._preview.sheets_read:
            position = sheet.sheet.position
            for number, texts in sheet.sheet.cell_texts():
                if one is None or one.reading.sheet != position:
                    break
                if one.reading.row == number:
                    yield self._sealed(work, texts, private) if private else texts
                    one = next(rows, None)

    @staticmethod
    def _sealed(work: Work, cells: str, private: Sequence[int]) -> str:
        texts = json.loads(cells)
        for column in private:
            if column < len(texts) and texts[column].strip():
                texts[column] = _SEALED + work.private("list_line.cells", texts[column].strip())
        return _encode(texts)


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
    return (
        "；".join(trouble.message.rstrip("。") for trouble in one.reading.refusals) + "。" if one.plot is None else None
    )
