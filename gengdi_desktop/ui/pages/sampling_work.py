"""What the spot check's page asks of the services, in lanes: samples, freezing, drawing, results, the frame's file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.phases.sampling.records import SampleInfo, SampleLine, SampleStatus
from gengdi_desktop.phases.sampling.strata import rules_in_words
from gengdi_desktop.ui import words
from gengdi_desktop.ui.pdf_pages import PdfPages

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.sampling.service import Entered
    from gengdi_desktop.ui.pages.sampling_make import DrawWish, FrameWish

_MOST_PLACES: Final = 400
_TABLES: Final = ("sample", "sample_plot", "sample_result")


@dataclass(frozen=True)
class SamplingView:
    """All samples, newest first; the one in front with how its strata are formed."""

    lines: tuple[SampleLine, ...]
    info: SampleInfo | None
    strata_rules: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """The sample after a step, and what the step changed."""

    info: SampleInfo
    changes: Changes


def _done(ledger: Ledger, info: SampleInfo) -> Done:
    return Done(info, Changes(ledger.head().seq, frozenset(_TABLES), frozenset()))


def read_samples(ledger: Ledger, wanted: str) -> SamplingView:
    """Read the samples and the one that is wanted, else the newest that counts."""
    from gengdi_desktop.phases.sampling import service

    lines = service.samples(ledger)
    code = _wanted(lines, wanted)
    info = service.sample(ledger, code) if code else None
    rules = rules_in_words(info.strata_fields) if info is not None else ()
    return SamplingView(lines, info, rules)


def _wanted(lines: tuple[SampleLine, ...], wanted: str) -> str:
    if any(one.id == wanted for one in lines):
        return wanted
    live = [one for one in lines if one.status is not SampleStatus.ENLARGED]
    return (live or lines)[0].id if lines else ""


def read_scopes(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """The places from which one may draw: townships at the county's desk, villages at the township's."""
    from gengdi_desktop.ledger import queries

    field = "village" if ledger.info.desk == Desk.TOWNSHIP else "township"
    found = queries.field_values(ledger, queries.PlotQuery(), field, most=_MOST_PLACES)
    places = [(name, many) for name, many in found.values if name]
    if len(places) <= 1:
        return ()
    return tuple((name, f"{name}（台账里 {words.count(many)} 个）") for name, many in places)


def freeze(ledger: Ledger, wish: FrameWish, by: Actor) -> Done:
    """Freeze the frame that is wished for."""
    from gengdi_desktop.phases.sampling import service

    return _done(ledger, service.freeze_frame(ledger, name=wish.name, strata=wish.strata, scope=wish.scope, by=by))


def draw(ledger: Ledger, sample: str, wish: DrawWish, by: Actor) -> Done:
    """Draw what is wished for; without a seed the program makes one."""
    from gengdi_desktop.phases.sampling import service

    info = service.draw(
        ledger, sample, seed=wish.seed or None, count=wish.count, ratio=wish.ratio, reason=wish.reason, by=by
    )
    return _done(ledger, info)


def replace(ledger: Ledger, sample: str, plot: str, reason: str, by: Actor) -> Done:
    """The next plot of the stratum for one that cannot be visited."""
    from gengdi_desktop.phases.sampling import service

    return _done(ledger, service.replace(ledger, sample, plot, reason=reason, by=by))


def enlarge(ledger: Ledger, info: SampleInfo, by: Actor) -> Done:
    """The second draw that is due."""
    from gengdi_desktop.phases.sampling import service

    due = info.enlargement
    count = due.count if due is not None else 0
    whole = due.whole if due is not None else ()
    return _done(ledger, service.enlarge(ledger, info.id, count=count, whole=whole, by=by))


def record(ledger: Ledger, sample: str, plot: str, values: Mapping[str, str], by: Actor) -> Done:
    """Record what was typed for a plot."""
    from gengdi_desktop.phases.sampling import service

    measured = values.get("measured_area")
    info = service.record_result(
        ledger, sample, plot, outcome=values["outcome"], measured_area=Area.parse(measured) if measured else None,
        finding=values.get("finding", ""), checker=values["checker"], second_checker=values["second_checker"],
        on_date=date.fromisoformat(values["date"]), by=by,
    )  # fmt: skip
    return _done(ledger, info)


def enter(ledger: Ledger, sample: str, document: str, by: Actor) -> Entered:
    """Enter all results into the records of their plots."""
    from gengdi_desktop.phases.sampling import service

    return service.enter_results(ledger, sample, document=document, by=by)


def send_back(ledger: Ledger, sample: str, deadline: date, document: str, by: Actor) -> Entered:
    """Return the failed plots."""
    from gengdi_desktop.phases.sampling import service

    return service.send_back(ledger, sample, deadline=deadline, document=document, by=by)


def write_frame(ledger: Ledger, sample: str, target: Path) -> int:
    """Write the frame's text as it was hashed, to be compared by anybody; returns how many lines it has."""
    from gengdi_desktop.phases.sampling import service
    from gengdi_desktop.system.files import write_whole

    text = service.frame_text(ledger, sample)
    write_whole(target, text.encode())
    return text.count("\n")


def draw_again(ledger: Ledger, info: SampleInfo) -> tuple[str, ...]:
    """Draw the sample anew from frame and seed; the strata and plots by name that stand otherwise."""
    from gengdi_desktop.phases.sampling import service

    names = {one.plot: one.name for one in info.plots}
    return tuple(names.get(one, one) for one in service.not_as_drawn(ledger, info.id))


def write_sheet(ledger: Ledger, sample: str, target: Path) -> int:
    """Write the check sheet: how the sample was drawn, and a card for each plot; returns its pages."""
    from gengdi_desktop.reports.forms.check_sheets import write_check_sheet

    return write_check_sheet(ledger, sample, target).pages


def sheet_pages(ledger: Ledger, sample: str) -> PdfPages:
    """The check sheet, to be printed."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sheet.pdf"
        write_sheet(ledger, sample, target)
        return PdfPages.of(target.read_bytes())
