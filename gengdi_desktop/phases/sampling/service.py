"""The verbs of the sample: freeze a frame, draw once with a seed, replace what cannot be visited, enlarge.

Freezing comes first and is an entry of its own, so that nobody knows the seed while plots can still be moved in or out.
Neither freezing nor drawing can be taken back. What follows a draw stands in ``further``, what is found on the ground
in ``checking``; their verbs are called from here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain import sampling as rules
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.evidence import Verdict
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.verdicts.service import fitting
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.queries import Condition, Match, PlotQuery
from gengdi_desktop.phases.sampling import reading, store
from gengdi_desktop.phases.sampling.checking import Entered, enter_results, record_result, send_back
from gengdi_desktop.phases.sampling.further import enlarge, not_as_drawn, replace, reserve
from gengdi_desktop.phases.sampling.line_up import line_up
from gengdi_desktop.phases.sampling.reading import frame_text, sample, samples
from gengdi_desktop.phases.sampling.records import (
    MILLION,
    SampleHead,
    SampleInfo,
    SampleStatus,
    SeedSource,
)
from gengdi_desktop.phases.sampling.strata import StratumField, frame_of, strata_of
from gengdi_desktop.phases.sampling.terms import plain, plots_wanted, refuse_seed, require_worker, wanted_words

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

__all__ = [
    "FAIL_LIMIT",
    "Entered",
    "Taken",
    "draw",
    "enlarge",
    "enter_results",
    "frame_now",
    "frame_text",
    "freeze_frame",
    "new_seed",
    "not_as_drawn",
    "record_result",
    "replace",
    "reserve",
    "sample",
    "samples",
    "send_back",
    "take",
]

FAIL_LIMIT: Final = Fraction(1, 10)
"""The share of failures above which a second draw is due, where none is said; no notice names one."""
_SEED_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """A sample that was asked for with frame and seed together.

    Attributes:
        info: The sample.
        again: Whether it had been drawn before, so that nothing was written.
    """

    info: SampleInfo
    again: bool


def new_seed() -> str:
    """Twelve random digits, for those who draw no lots."""
    return f"{secrets.randbelow(10**_SEED_DIGITS):0{_SEED_DIGITS}d}"


def frame_now(ledger: Ledger, strata: Collection[str] = (), scope: str = "") -> rules.Frame:
    """The frame as it would be frozen now; writes nothing.

    Raises:
        RuleError: ``unknown_stratum``, ``empty_frame``.
    """
    return _frame(ledger, strata_of(strata), scope.strip())


def freeze_frame(
    ledger: Ledger,
    *,
    name: str = "",
    strata: Collection[str] = (),
    scope: str = "",
    by: Actor,
    on_date: date | None = None,
    fail_limit: Fraction = FAIL_LIMIT,
) -> SampleInfo:
    """Freeze the plots that may be drawn: their text is kept as a file and hashed, before any seed is known.

    Args:
        ledger: The open ledger.
        name: As people are to call the sample; the day where nothing is said.
        strata: Codes or names of fields: ``township village kind area_class risk``.
        scope: Township, village or ``township/village``; empty for all.
        by: Who acts.
        on_date: The day; today where not given.
        fail_limit: The share of failures above which a second draw is due, from 0 to below 1.

    Raises:
        RuleError: ``unknown_stratum``, ``empty_frame``, ``bad_fail_limit``, ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    require_worker(ledger, by)
    if not 0 <= fail_limit < 1:
        raise RuleError(
            "bad_fail_limit", "不合格率的界限要在 0 到 100% 之间，没有封存。", "请改界限，例如 10% 写 0.1。"
        )
    fields, on = strata_of(strata), on_date or ledger.today()
    frozen = _frame(ledger, fields, scope.strip())
    head = SampleHead(
        id=secrets.token_hex(16),
        name=plain(name) or f"{on.isoformat()} 抽查",
        status=SampleStatus.FRAMED,
        framed_on=on,
        drawn_on=None,
        strata_fields=fields,
        scope=scope.strip(),
        frame_hash=frozen.digest,
        frame_plots=len(frozen.plots),
        frame_area=Area.total(one.area for one in frozen.plots),
        seed="",
        seed_source=None,
        wanted="",
        fail_limit=Fraction(round(fail_limit * MILLION), MILLION),
        enlarges=None,
        enlarged_by=None,
        reason="",
    )
    kept = ledger.folder.keep(FolderPart.REPORTS, frozen.text.encode(), ".tsv")
    with ledger.begin(Operation.FRAME, by, reason=head.name, event_date=on) as work:
        record_file(work, kept)
        store.put_sample(work, head)
        work.commit()
    return sample(ledger, head.id)


def draw(  # noqa: PLR0913  (a draw has its seed, its size, its day and its reason)
    ledger: Ledger,
    key: str,
    *,
    seed: str | None = None,
    source: SeedSource | str = SeedSource.LOT,
    count: int | None = None,
    ratio: Fraction | None = None,
    by: Actor,
    on_date: date | None = None,
    reason: str = "",
) -> SampleInfo:
    """Draw from a frozen frame.

    Args:
        ledger: The open ledger.
        key: The sample.
        seed: What was drawn by lot; None lets the program make one.
        source: ``lot`` or ``generated``; a seed that the program makes is ``generated`` in any case.
        count: How many plots, or
        ratio: which share of the frame, rounded up.
        by: Who acts.
        on_date: The day; today where not given.
        reason: Why the same frame is drawn once more with another seed; then it must be said.

    Raises:
        RuleError: ``unknown_sample``, ``already_drawn``, ``before_frame``, ``second_seed``, ``no_seed``, ``bad_seed``,
            ``bad_count``, ``bad_ratio``, ``frame_outdated``, ``viewer``.
        SurroundingsError: The ledger cannot be written, or the frame's file is damaged.
    """
    require_worker(ledger, by)
    used = new_seed() if seed is None else plain(seed)
    refuse_seed(used)
    on = on_date or ledger.today()
    with ledger.begin(Operation.DRAW, by, reason=plain(reason) or None, event_date=on) as work:
        head = reading.find(work.session, key)
        if head.status is not SampleStatus.FRAMED:
            raise RuleError("already_drawn", f"“{head.name}”已经抽过，不能再抽。", "要多抽一些，用扩大抽查。")
        if on < head.framed_on:
            told = f"抽样日期早于封存抽样框的日期 {head.framed_on.isoformat()}，没有抽。"
            raise RuleError("before_frame", told, "先封存抽样框，后抽样，请核对抽样日期。")
        _refuse_second_seed(store.drawn_of_frame(work.session, head.frame_hash), used, plain(reason))
        frozen = reading.frame(ledger, work.session, head)
        drawn = rules.draw(frozen, used, plots_wanted(frozen, count, ratio))
        head = changed(
            head,
            status=SampleStatus.DRAWN,
            drawn_on=on,
            seed=used,
            seed_source=SeedSource.GENERATED if seed is None else SeedSource(source),
            wanted=wanted_words(count, ratio),
            reason=plain(reason),
        )
        store.put_sample(work, head)
        store.put_plots(work, head.id, line_up(drawn), {})
        work.commit()
    return sample(ledger, head.id)


def take(  # noqa: PLR0913  (a frame and a draw in one)
    ledger: Ledger,
    *,
    name: str = "",
    strata: Collection[str] = (),
    scope: str = "",
    seed: str | None,
    count: int | None = None,
    ratio: Fraction | None = None,
    by: Actor,
    on_date: date | None = None,
    reason: str = "",
    fail_limit: Fraction = FAIL_LIMIT,
) -> Taken:
    """Freeze and draw in one go, as two entries; what was drawn just so before is only shown again.

    A larger count of the same frame and seed enlarges what was drawn before. Without a seed the program makes one.
    Another seed draws once more, and the sheet names the earlier draw where no reason is given: who calls this asks
    for one seed in so many words, and gets what it draws.

    Raises:
        RuleError: As :func:`freeze_frame`, :func:`draw`, :func:`enlarge`.
        SurroundingsError: The ledger cannot be written.
    """
    used = new_seed() if seed is None else plain(seed)
    refuse_seed(used)
    frozen = frame_now(ledger, strata, scope)
    wanted = plots_wanted(frozen, count, ratio)
    rules.draw(frozen, used, wanted)  # what cannot be drawn is not frozen either
    with ledger.reading() as session:
        before = store.drawn_of_frame(session, frozen.digest)
        why_again = plain(reason) or _unexplained(before, used)
        same = [one for one in before if one.seed == used]
        sizes = {one.id: _share_count(session, one) for one in same}
        waiting = store.framed_only(session, frozen.digest)
    kept = next((one for one in same if sizes[one.id] == max(wanted, len(frozen.strata))), None)
    if kept is not None:
        return Taken(sample(ledger, kept.id), again=True)
    largest = max((one for one in same if one.enlarged_by is None), key=lambda one: sizes[one.id], default=None)
    if largest is not None and sizes[largest.id] < wanted:
        why = plain(reason) or f"要求抽到 {wanted} 个"
        larger = enlarge(ledger, largest.id, count=count, ratio=ratio, by=by, on_date=on_date, reason=why)
        return Taken(larger, again=False)
    if waiting is None:
        framed = freeze_frame(
            ledger, name=name, strata=strata, scope=scope, by=by, on_date=on_date, fail_limit=fail_limit
        ).id
    else:
        framed = waiting.id
    source = SeedSource.GENERATED if seed is None else SeedSource.LOT
    drawn = draw(
        ledger, framed, seed=used, source=source, count=count, ratio=ratio, by=by, on_date=on_date, reason=why_again
    )
    return Taken(drawn, again=False)


# ---------------------------------------------------------------------------------------------------------------- parts


def _frame(ledger: Ledger, fields: Sequence[StratumField], scope: str) -> rules.Frame:
    with ledger.reading() as session:
        found = store.candidates(session, scope)
    if StratumField.RISK in fields:
        wanting = Condition("evidence", (Verdict.MISSING.value, Verdict.UNCLEAR.value), Match.ONE_OF)
        doubtful = frozenset(fitting(ledger, PlotQuery(conditions=(wanting,))))
        with ledger.reading() as session:
            found = store.candidates(session, scope, doubtful)
    return frame_of(found, fields)


def _share_count(session: Session, head: SampleHead) -> int:
    return sum(1 for one in store.plots(session, head) if not one.replaces)


def _unexplained(before: Sequence[SampleHead], seed: str) -> str:
    """What the sheet says of one more draw of a frame when nobody said why; empty for the first."""
    other = next((one for one in before if one.seed != seed), None)
    return f"先前用种子 {other.seed} 抽过（{other.name}），另抽一次没有写明原因" if other is not None else ""


def _refuse_second_seed(before: Sequence[SampleHead], seed: str, reason: str) -> None:
    """A frame is drawn once: who could draw again until it pleases would draw no lots."""
    other = next((one for one in before if one.seed != seed), None)
    if other is not None and not reason:
        raise RuleError(
            "second_seed",
            f"这个抽样框已经用种子“{other.seed}”抽过（{other.name}），一框只抽一次，没有再抽。",
            "要多抽一些，用同一个种子扩大；确实要另抽一次，请写明原因，原因会印在抽查表上。",
        )
