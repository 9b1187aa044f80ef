"""What follows a draw: a replacement for a plot that cannot be visited, a larger sample, who is next in line."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace as changed
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from gengdi_desktop.domain import sampling as rules
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.sampling import reading, store
from gengdi_desktop.phases.sampling.line_up import line_up
from gengdi_desktop.phases.sampling.records import SampledPlot, SampleHead, SampleInfo, SampleStatus
from gengdi_desktop.phases.sampling.terms import (
    not_drawn,
    plain,
    plots_wanted,
    require_open,
    require_worker,
    wanted_words,
)

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger


def replace(ledger: Ledger, key: str, plot: str, *, reason: str, by: Actor, on_date: date | None = None) -> SampleInfo:
    """Take the next plot of the stratum for one that cannot be visited; where there is none left, one less is checked.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``enlarged``, ``not_in_sample``, ``already_replaced``,
            ``has_result``, ``reason_missing``, ``no_frame``, ``reserve_elsewhere``, ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    require_worker(ledger, by)
    why = plain(reason)
    if not why:
        raise RuleError("reason_missing", "没有写替换的原因，没有替换。", "请写明为什么到不了现场，例如 被水淹没。")
    on = on_date or ledger.today()
    with ledger.begin(Operation.REPLACE, by, reason=why, event_date=on) as work:
        known = reading.info(ledger, work.session, reading.find(work.session, key))
        require_open(known)
        stratum = _require_replaceable(known, plot).stratum
        frozen = rules.Frame(reading.frame(ledger, work.session, known).strata[stratum])
        mine = [one for one in known.plots if one.stratum == stratum]
        left_out = {one.plot: one.reason for one in mine if one.replaced} | {plot: why}
        settled = {one.plot: one.replaces for one in mine if one.replaces}
        store.put_plots(work, known.id, line_up(_as_drawn(known, frozen), left_out, settled), left_out)
        work.commit()
    return reading.sample(ledger, known.id)


def enlarge(
    ledger: Ledger,
    key: str,
    *,
    count: int | None = None,
    ratio: Fraction | None = None,
    whole: Collection[str] = (),
    by: Actor,
    reason: str = "",
    on_date: date | None = None,
) -> SampleInfo:
    """Draw a second, larger sample of the same frame and seed, which contains the first with all its results.

    Args:
        ledger: The open ledger.
        key: The sample.
        count: How many plots the larger one has in all, or
        ratio: which share of the frame.
        whole: Strata of which every plot is to be checked.
        by: Who acts.
        reason: Why; where the share of failures is above its limit, that is the reason if none is said.
        on_date: The day; today where not given.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``enlarged``, ``not_larger``, ``reason_missing``, ``bad_count``,
            ``bad_ratio``, ``unknown_stratum``, ``no_frame``, ``reserve_elsewhere``, ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    require_worker(ledger, by)
    on = on_date or ledger.today()
    with ledger.reading() as session:
        known = reading.info(ledger, session, reading.find(session, key))
        require_open(known)
        frozen = reading.frame(ledger, session, known)
    kept, sizes = {one.name: one.share for one in known.strata}, {one.name: one.plots or 0 for one in known.strata}
    for stratum in whole:
        if stratum not in kept:
            raise RuleError("unknown_stratum", f"这次抽样里没有“{stratum}”这一层，没有扩大。", "请照抄层的名称。")
        kept[stratum] = sizes[stratum]
    wanted = max(plots_wanted(frozen, count, ratio), sum(kept.values()) if whole else 0)
    before = sum(one.share for one in known.strata)
    if wanted <= before:
        raise RuleError("not_larger", f"已经抽了 {before} 个，扩大后不能是 {wanted} 个，没有扩大。", "请写更大的个数。")
    due = known.enlargement
    why = plain(reason) or (due.why if due is not None else "")
    if not why:
        raise RuleError(
            "reason_missing", "没有写扩大抽查的原因，没有扩大。", "不合格率没有超过界限，请写明为什么还要多抽。"
        )
    drawn = rules.draw(frozen, known.seed, wanted, kept=kept)
    fields = {name: getattr(known, name) for name in SampleHead.__dataclass_fields__}
    head = changed(
        SampleHead(**fields),
        id=secrets.token_hex(16),
        name=f"{known.name}（扩大）",
        status=SampleStatus.DRAWN,
        drawn_on=on,
        wanted=wanted_words(count, ratio, whole),
        enlarges=known.id,
        reason=why,
    )
    with ledger.begin(Operation.DRAW, by, reason=why, event_date=on) as work:
        store.put_sample(work, head)
        store.put_sample(work, changed(SampleHead(**fields), status=SampleStatus.ENLARGED))
        left_out = {one.plot: one.reason for one in known.plots if one.replaced}
        store.put_plots(work, head.id, line_up(drawn, left_out), left_out)
        work.commit()
    return reading.sample(ledger, head.id)


def reserve(ledger: Ledger, key: str, each: int = 2) -> tuple[str, ...]:
    """The plots that come next in each stratum: who goes out to check takes their papers along for replacements.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``no_frame``.
    """
    with ledger.reading() as session:
        known = reading.info(ledger, session, reading.find(session, key))
        if known.status is SampleStatus.FRAMED:
            raise not_drawn(known)
        frozen = reading.frame(ledger, session, known)
    there = {one.plot for one in known.plots}
    found = []
    for waiting in _as_drawn(known, frozen).reserve.values():
        found += [one.plot for one in waiting if one.plot not in there][:each]
    return tuple(found)


def not_as_drawn(ledger: Ledger, key: str) -> tuple[str, ...]:
    """Draw the sample anew from its frame and seed, and name what stands otherwise; nothing where all is as drawn.

    A sample may have come from another desk, or its replacements may have: whoever receives them can tell.

    Returns:
        Own ids of plots that ought not to be there, that are missing, or whose place is another; in front of them names
        of strata that have another share than the rule gives them.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``no_frame``.
        SurroundingsError: ``file_missing`` or ``file_damaged``.
    """
    with ledger.reading() as session:
        known = reading.info(ledger, session, reading.find(session, key))
        if known.status is SampleStatus.FRAMED:
            raise not_drawn(known)
        frozen = reading.frame(ledger, session, known)
        before = reading.sample(ledger, known.enlarges).strata if known.enlarges is not None else ()
    sizes = {name: len(plots) for name, plots in frozen.strata.items()}
    # A stratum that is drawn whole was asked for, or came so by the rule; either way it gives all it has.
    whole = {one.name: one.share for one in known.strata if known.enlarges and one.share == sizes.get(one.name)}
    kept = {one.name: one.share for one in before} | whole
    shares = rules.shares_of(sizes, sum(one.share for one in known.strata), kept=kept)
    wrong = [one.name for one in known.strata if shares.get(one.name) != one.share]
    left_out = {one.plot for one in known.plots if one.replaced}
    line = line_up(_as_drawn(known, frozen), left_out)
    drawn = {(one.plot.plot, one.plot.stratum, one.place, one.plot.area) for one in line}
    stored = {(one.plot, one.stratum, one.place, one.area) for one in known.plots}
    return (*wrong, *sorted({plot for plot, *_ in drawn ^ stored}))


def _as_drawn(known: SampleInfo, frozen: rules.Frame) -> rules.Sample:
    """The draw that a sample has, of its frame or of some strata, made anew: shares stand in its strata."""
    there = frozen.strata
    shares = {one.name: one.share for one in known.strata if one.name in there}
    return rules.draw(frozen, known.seed, sum(shares.values()), kept=shares)


def _require_replaceable(known: SampleInfo, plot: str) -> SampledPlot:
    found = next((one for one in known.plots if one.plot == plot), None)
    if found is None:
        raise RuleError("not_in_sample", "这个图斑不在这次抽样里，没有替换。", "请选抽中的图斑。")
    if found.replaced:
        raise RuleError("already_replaced", f"{found.name}已经替换过，没有再替换。", "请选还要查的图斑。")
    if found.result is not None:
        raise RuleError("has_result", f"{found.name}已经有抽查结果，不能替换。", "结果记错了，先改结果。")
    return found
