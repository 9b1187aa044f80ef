"""The rows of an import, made from its preview: plots, identifiers, lines with their cells, private cells sealed."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gengdi_desktop.domain.states import State
from gengdi_desktop.intake.diff import RowOutcome, issued_values
from gengdi_desktop.intake.previews import Decision, ImportPreview
from gengdi_desktop.intake.read_sheets import data_rows
from gengdi_desktop.intake.readings import SPLIT_CHILD, SPLIT_PARENT, Reading
from gengdi_desktop.intake.store import CHILD, ENTERED, OPEN

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Value
    from gengdi_desktop.storage.tables import ListLineRow, PlotRow
    from gengdi_desktop.storage.unit_of_work import Work

_ENTERING = frozenset({RowOutcome.IMPORTED, RowOutcome.CHANGED, RowOutcome.DUPLICATE})
_IDENTIFIERS = ("bsm", "clue_no", "monitor_no", "local_no")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}")
_SEALED = "commitment:"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Entering:
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
        parents_first = sorted(self.new, key=lambda one: one.reading.split == SPLIT_CHILD)
        for one in parents_first:
            reading, place = one.reading, one.reading.place
            classes = reading.classes
            longitude, latitude, centre = reading.centre
            parent = self._parent(one)
            contact = work.private("plot.party_contact", reading.contact) if reading.contact else None
            yield (
                one.plot,
                work.seq,
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
        return [
            (one.plot, kind, value)
            for one in self.entering
            if one.plot is not None
            for kind in _IDENTIFIERS
            if (value := getattr(one.reading, kind)) and (kind, value) not in known.get(one.plot, frozenset())
        ]

    # ----------------------------------------------------------------------------------------------------------- lines

    def lines(self, work: Work, list_id: int, first_key: int, wanted: Sequence[Entering]) -> Iterator[Sequence[Value]]:
        """Rows of ``LINE_COLUMNS`` for some of the rows, in the order of the file."""
        cells = self._cells(work, {one.position for one in wanted})
        for key, one in enumerate(wanted, first_key):
            reading = one.reading
            yield (
                key,
                list_id,
                self._names[reading.sheet],
                reading.row,
                one.plot,
                line_status(one),
                line_problem(one),
                reading.issued_text,
                reading.issued_unit.value if reading.issued_unit else "",
                reading.issued_area or 0,
                next(cells),
            )

    def place(self, one: Entering) -> tuple[str, int]:
        """Sheet and row of a line."""
        return self._names[one.reading.sheet], one.reading.row

    def fill_line(self, line: ListLineRow, one: Entering, cells: str) -> None:
        """Let a line that stood open say what the corrected file says."""
        reading = one.reading
        line.plot_id, line.status, line.problem = one.plot, line_status(one), line_problem(one)
        line.issued_text, line.issued_area = reading.issued_text, reading.issued_area or 0
        line.issued_unit = reading.issued_unit.value if reading.issued_unit else ""
        line.cells = cells

    def cells_of(self, work: Work, wanted: Sequence[Entering]) -> Iterator[str]:
        """The cells of some rows, in the order of the file."""
        return self._cells(work, {one.position for one in wanted})

    def _cells(self, work: Work, wanted: set[int]) -> Iterator[str]:
        """The texts of the wanted rows as JSON; the rows are streamed once more, so that they never stand in memory."""
        private = sorted(self._preview.private)
        position = 0
        for sheet in self._preview.sheets_read:
            if sheet.header is None:
                continue
            width = sheet.sheet.column_count
            for row in data_rows(sheet.sheet, sheet.header):
                if position in wanted:
                    texts = row.texts if len(row.texts) == width else [*row.texts, *[""] * (width - len(row.texts))]
                    for column in private:
                        if column < width and texts[column].strip():
                            texts[column] = _SEALED + work.private("list_line.cells", texts[column].strip())
                    yield _encode(texts)
                position += 1


def change_plot(plot: PlotRow, reading: Reading) -> None:
    """Give a plot the values of its new issue; what the new one does not say stays."""
    for column, value in issued_values(reading).items():
        if value not in {None, ""}:
            setattr(plot, column, value)
    for name, value in zip(
        ("class_before", "class_before_name", "class_after", "class_after_name"), reading.classes, strict=True
    ):
        if value:
            setattr(plot, name, value)


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
