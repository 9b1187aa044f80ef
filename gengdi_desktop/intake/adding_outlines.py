"""Outlines for plots that the ledger has already: matched as rows of lists are, and nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake import store
from gengdi_desktop.intake.matching import CalledBy, FileIdentities, KnownPlot
from gengdi_desktop.intake.outline_rows import PlotOutline, write_outlines
from gengdi_desktop.intake.previews import ImportOptions, ImportPreview
from gengdi_desktop.intake.queries import with_plots
from gengdi_desktop.intake.readings import Reading
from gengdi_desktop.intake.recurrence import recurrences_of_outlines
from gengdi_desktop.intake.same_ground import Recurrence
from gengdi_desktop.intake.shape_preview import differs, outlined
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.sheets.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.intake.read_sheets import Progress
    from gengdi_desktop.intake.view import LedgerView
    from gengdi_desktop.ledger.handle import Ledger

_NO_OPTIONS = ImportOptions()
_PORTION = 2000


class OutlineFate(StrEnum):
    """What becomes of a feature; each has exactly one."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    WITHOUT = "without"
    SKIPPED = "skipped"
    UNMATCHED = "unmatched"


class FeatureFate(NamedTuple):
    """A feature and what becomes of it.

    Args:
        reading: The feature as it was read.
        fate: What becomes of it.
        plot: Own id of the plot that it means; None where none is meant.
        stated: Area of that plot in the ledger; None without a plot. It stays as it is.
        measured: Area of the outline on the ellipsoid, for comparing only; None without an outline.
    """

    reading: Reading
    fate: OutlineFate
    plot: str | None
    stated: Area | None = None
    measured: Area | None = None

    @property
    def differs(self) -> bool:
        """Whether the outline and the ledger are farther apart than drawing explains."""
        if self.stated is None or self.measured is None:
            return False
        return differs(self.stated.micro_mu, self.measured.micro_mu)


@dataclass(slots=True)
class OutlinePreview:
    """What adding the outlines of a file would do. Close it, or use it as a context.

    Args:
        found: The file as a list would be read.
        fates: Every feature, in the order of the file.
        outlines: What would be written.
        problems: Features that no plot is found for, each with the reason.
        notes: What a person should know; keeps nothing out.
        names: Own ids of the plots that are meant to what people call them.
        again: Plots that lie, by their new outlines, where others were closed before.
    """

    found: ImportPreview
    fates: Sequence[FeatureFate]
    outlines: Sequence[PlotOutline]
    problems: Sequence[Problem]
    notes: Sequence[Problem]
    names: Mapping[str, str]
    again: Sequence[Recurrence]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.found.close()

    def count(self, fate: OutlineFate) -> int:
        """How many features come out so."""
        return sum(one.fate is fate for one in self.fates)

    def as_json(self, *, entry: int | None, committed: bool) -> dict[str, Any]:
        """The keys of the command line."""
        problems = [
            {"sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code, "message": one.message}
            for one in self.problems
        ]
        notes = [{"code": one.code, "message": one.message} for one in self.notes]
        counts: dict[str, Any] = {fate.value: self.count(fate) for fate in OutlineFate}
        head = {"file": str(self.found.book.path), "entry": entry, "rows": len(self.fates)}
        return head | counts | {"problems": problems, "notes": notes, "committed": committed}


def preview_outlines(
    ledger: Ledger, path: Path, options: ImportOptions = _NO_OPTIONS, progress: Progress | None = None
) -> OutlinePreview:
    """Say which plots a file of shapes has outlines for; nothing is written. Close the preview when done with it.

    Raises:
        SurroundingsError: The file cannot be read.
        RuleError: ``no_shapes``: it is a table.
        Cancelled: ``progress`` said so.
    """
    from gengdi_desktop.intake.service import home_of, preview

    found = preview(ledger, path, options, progress)
    try:
        _require_shapes(found)
        with ledger.reading() as session:
            view = with_plots(store.view(session, home_of(ledger)), ledger.reading, progress)
            return _judged(found, view, session)
    except BaseException:
        found.close()
        raise


def add_outlines(ledger: Ledger, preview: OutlinePreview, *, by: Actor, progress: Progress | None = None) -> Changes:
    """Write the outlines of a preview: one entry, nothing where the ledger has all of them already.

    Args:
        ledger: The ledger that the preview was made for.
        preview: The preview; it stays open.
        by: Who does it.
        progress: Told before each portion is written how many are; may raise Cancelled, which leaves nothing behind.

    Raises:
        SurroundingsError: The ledger cannot be written.
        Cancelled: ``progress`` said so.
    """
    reason = f"边界来自“{preview.found.book.path.name}”。"
    with ledger.begin(Operation.OUTLINES, by, reason=reason) as work:
        for start in range(0, len(preview.outlines), _PORTION):
            if progress is not None:
                progress(start, len(preview.outlines))
            write_outlines(work, preview.outlines[start : start + _PORTION], None)
        return work.commit()


def _require_shapes(found: ImportPreview) -> None:
    if found.shapes is None:
        raise RuleError("no_shapes", "这是表格，没有图形，没有补边界，台账没有变。", "请选带图形的文件。")


def _judged(found: ImportPreview, view: LedgerView, session: Any) -> OutlinePreview:
    known = view.plots.called(CalledBy.of(found.readings), frozenset(one.id for one in view.lists))
    here = [one for one in found.readings if not one.place.skipped and not one.blank]
    identities = FileIdentities(here)
    given = dict(outlined(found))
    names = {sheet.sheet.position: sheet.sheet.name for sheet in found.sheets}
    systems = [layer.crs for layer in found.shapes.layers] if found.shapes is not None else []
    wanted: dict[str, tuple[int, PlotOutline | None]] = {}
    fates: list[FeatureFate] = []
    problems: list[Problem] = []
    for position, reading in enumerate(found.readings):
        if reading.place.skipped or reading.blank:
            fates.append(FeatureFate(reading, OutlineFate.SKIPPED, None))
            continue
        match = known.match(reading, alone=identities.alone(reading))
        why = match.trouble.message if match.trouble is not None else ""
        if match.plot is None:
            why = why or f"台账里没有图斑“{reading.called}”，没有地方放它的边界。"
        elif match.plot in wanted:
            why = f"和第 {found.readings[wanted[match.plot][0]].row} 行是同一个图斑，边界没有读第二遍。"
        if why or match.plot is None:
            problems.append(Problem(names[reading.sheet], reading.row, "", "outline_unmatched", why))
            fates.append(FeatureFate(reading, OutlineFate.UNMATCHED, None))
            continue
        record = given.get(position)
        outline = None if record is None else PlotOutline(match.plot, systems[reading.sheet], record)
        wanted[match.plot] = position, outline
        measured = None if record is None else Area(record.area)
        fates.append(FeatureFate(reading, OutlineFate.WITHOUT, match.plot, _stated(known.plots[match.plot]), measured))
    outlines = [outline for _, outline in wanted.values() if outline is not None]
    called = {plot: plot_name(known.plots[plot].village, known.plots[plot].plot_no) for plot in wanted}
    return _compared(found, fates, outlines, problems, called, session)


def _compared(
    found: ImportPreview,
    fates: list[FeatureFate],
    outlines: Sequence[PlotOutline],
    problems: Sequence[Problem],
    names: Mapping[str, str],
    session: Any,
) -> OutlinePreview:
    """Tell apart what is new, what is otherwise and what the ledger has just so."""
    there = store.outlines_of(session, [one.plot for one in outlines])
    fate_of: dict[str, OutlineFate] = {}
    for one in outlines:
        same = there.get(one.plot) == (one.text, one.crs)
        fate_of[one.plot] = (
            OutlineFate.UNCHANGED if same else OutlineFate.REPLACED if one.plot in there else OutlineFate.ADDED
        )
    final = [one._replace(fate=fate_of.get(one.plot or "", one.fate)) for one in fates]
    told = [note for note in found.notes if note.code.startswith(("crs_", "shapes_", "outline_", "axes_", "coding_"))]
    changed = [one for one in outlines if fate_of[one.plot] is not OutlineFate.UNCHANGED]
    again = recurrences_of_outlines(session, {one.plot: one.record.wkb for one in outlines})
    return OutlinePreview(found, final, changed, problems, told, names, again)


def _stated(plot: KnownPlot) -> Area:
    """The area that an outline is compared with: that of the whole plot where a list gave it."""
    given = plot.issued.get("plot_area") or plot.issued.get("issued_area") or 0
    return Area(int(given))
