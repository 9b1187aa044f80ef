"""What is found at the plots of a sample: recorded by four eyes, entered into their records, failed ones sent back.

Results are recorded wherever the sample is, in the team's ledger too, and stand apart from the plots until the county
enters them. Then each plot has its spot check as if it had been recorded one by one, and the failed ones are returned
or reopened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import SpotCheckOutcome, choice_of
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Refusal
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.domain.transitions import Request, apply, request
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.phases import store as plots
from gengdi_desktop.phases.context import action_context
from gengdi_desktop.phases.plot_rows import LoadedPlot
from gengdi_desktop.phases.sampling import reading, store
from gengdi_desktop.phases.sampling.further import not_as_drawn
from gengdi_desktop.phases.sampling.records import CheckResult, SampledPlot, SampleInfo, SampleStatus
from gengdi_desktop.phases.sampling.terms import not_drawn, plain
from gengdi_desktop.phases.service import RefusedPlot, refused_plot, unknown_plot

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_BETWEEN_NAMES: Final = "、"


@dataclass(frozen=True, slots=True)
class Entered:
    """What was done to the plots of a sample.

    Attributes:
        plots: The plots on which it was done.
        refused: Those that refused, with the reason: their results stay where they are.
        changes: The one entry; ``nothing`` where no plot changed.
    """

    plots: tuple[str, ...]
    refused: tuple[RefusedPlot, ...]
    changes: Changes


def record_result(  # noqa: PLR0913  (what two people found, and who says so)
    ledger: Ledger,
    key: str,
    plot: str,
    *,
    outcome: SpotCheckOutcome | str,
    measured_area: Area | None = None,
    finding: str = "",
    checker: str,
    second_checker: str,
    on_date: date | None = None,
    by: Actor,
) -> SampleInfo:
    """Record what two people found at a plot; until it is entered, it can be recorded anew.

    Args:
        ledger: The open ledger.
        key: The sample.
        plot: Own id of a plot that is to be checked.
        outcome: Passed or failed, as member, code or Chinese name.
        measured_area: None where nothing was measured.
        finding: What they saw; must be said of a failed plot.
        checker: One of the two; one of them is a member of this ledger, and neither claimed the plot.
        second_checker: The other, somebody else.
        on_date: The day of the check, not before the draw; today where not given.
        by: Who types it.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``not_in_sample``, ``already_entered``, ``unknown_outcome``,
            ``four_eyes``, ``not_of_the_team``, ``own_claim``, ``finding_missing``, ``before_draw``, ``in_future``,
            ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    context = action_context(ledger, by)
    said = outcome if isinstance(outcome, SpotCheckOutcome) else choice_of(SpotCheckOutcome, outcome)
    if said is None:
        raise RuleError("unknown_outcome", f"没有“{outcome}”这个抽查结果，没有记下。", "请写“合格”或“不合格”。")
    on, first, second = on_date or context.today, plain(checker), plain(second_checker)
    with ledger.begin(Operation.CHECK_RESULT, by, event_date=on) as work:
        known = reading.info(ledger, work.session, reading.find(work.session, key))
        place = _place(known, plot)
        home = store.holders(work.session, known, plot)[-1]
        result = CheckResult(home.id, on, said, measured_area, finding.strip(), first, second, False, "", False)
        _refuse_result(result, place.name, home.drawn_on, context.today)
        _refuse_strangers(first, second, context)
        _refuse_own({first, second} & _claimers(work.session, plot, context))
        store.put_result(work, plot, result)
        work.commit()
    return reading.sample(ledger, known.id)


def enter_results(ledger: Ledger, key: str, *, by: Actor, document: str = "", on_date: date | None = None) -> Entered:
    """Enter all results of a sample that are not entered yet into the records of their plots, as one entry.

    A result that came from elsewhere passes what one that is recorded here passes, but that its people stand in this
    ledger: they are the team's. One that does not stays where it is, and its plot is refused.

    Args:
        ledger: The county's ledger, or a township's that records it by the number of a document.
        key: The sample.
        by: Who acts.
        document: The number of the document that makes the results known.
        on_date: The day of the entry; each record bears the day of its check.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``wrong_desk``, ``nothing_to_enter``, ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    context = _county_context(ledger, by)
    # The county enters what its team found: the team is whose check it is.
    as_team = context if context.desk is Desk.TOWNSHIP else replace(context, desk=Desk.TEAM)
    strays = _not_as_drawn(ledger, key)
    with ledger.begin(Operation.SPOT_CHECK, by, event_date=on_date or context.today) as work:
        known = _drawn(reading.info(ledger, work.session, reading.find(work.session, key)))
        wanted = {one.plot: one.result for one in known.not_entered if one.result is not None}
        if not wanted:
            raise RuleError(
                "nothing_to_enter", "没有要入账的抽查结果，台账没有变。", "请先录入结果，或收下抽查组的抽查结果包。"
            )
        unfit = tuple(_unfit(work.session, known, context, strays))
        kept_out = {one.plot for one in unfit}
        asked = {plot: _spot_check(result, document.strip()) for plot, result in wanted.items() if plot not in kept_out}
        done, refused = _judge(work.session, asked, as_team)
        refused = (*unfit, *refused)
        if not done:
            return Entered((), refused, Changes())
        plots.write(work, done)
        entered = tuple(one.facts.id for one, _ in done)
        store.mark_entered(work, {plot: wanted[plot] for plot in entered}, document.strip())
        return Entered(entered, refused, work.commit())


def send_back(
    ledger: Ledger,
    key: str,
    *,
    deadline: date,
    reason: str = "",
    document: str = "",
    by: Actor,
    on_date: date | None = None,
) -> Entered:
    """Return the failed plots of a sample, or reopen those that were closed, as one entry.

    Args:
        ledger: The county's ledger, or a township's that records it.
        key: The sample.
        deadline: By when they are to be in place.
        reason: For all of them; where nothing is said, what was found at each.
        document: The number of the document by which they are returned.
        by: Who acts.
        on_date: The day; today where not given.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``, ``wrong_desk``, ``nothing_to_return``, ``deadline_past``,
            ``viewer``.
        SurroundingsError: The ledger cannot be written.
    """
    context = _county_context(ledger, by)
    on = on_date or context.today
    if deadline < on:
        raise RuleError("deadline_past", "新的整改时限已经过了，没有退回。", "请写今天以后的日期。")
    with ledger.begin(Operation.RETURN, by, reason=reason.strip() or None, event_date=on) as work:
        known = _drawn(reading.info(ledger, work.session, reading.find(work.session, key)))
        wanted = {one.plot: one.result for one in known.to_send_back if one.result is not None}
        if not wanted:
            hint = "不合格的结果要先入账，才能退回。" if known.failed else "这次抽查没有不合格的图斑。"
            raise RuleError("nothing_to_return", "没有要退回的图斑，台账没有变。", hint)
        terms = {"deadline": deadline, "date": on, "document_number": document.strip() or None}
        done, refused = _judge(
            work.session,
            {plot: _return(terms, reason.strip() or f"抽查不合格：{found.finding}") for plot, found in wanted.items()},
            context,
        )
        if not done:
            return Entered((), refused, Changes())
        plots.write(work, done)
        returned = tuple(one.facts.id for one, _ in done)
        store.mark_sent_back(work, {plot: wanted[plot] for plot in returned})
        return Entered(returned, refused, work.commit())


# ---------------------------------------------------------------------------------------------------------------- parts

_Ask = Callable[[LoadedPlot], Request]


def _not_as_drawn(ledger: Ledger, key: str) -> frozenset[str]:
    """The plots that ought not to be in a sample; none where its frame is not here, so that nobody can tell."""
    try:
        return frozenset(not_as_drawn(ledger, key))
    except (RuleError, SurroundingsError):
        return frozenset()


def _unfit(
    session: Session, known: SampleInfo, context: ActionContext, strays: Collection[str]
) -> Iterator[RefusedPlot]:
    """The results that wait to be entered and could not have been recorded so."""
    drawn_on = {one.id: one.drawn_on for one in store.chain(session, known)}
    for one in known.not_entered:
        if (result := one.result) is None:
            continue
        try:
            _refuse_stray(one, strays)
            _refuse_result(result, one.name, drawn_on.get(result.sample), context.today)
            people = {plain(result.checker), plain(result.second_checker)}
            _refuse_own(people & _claimers(session, one.plot, context))
        except RuleError as error:
            yield RefusedPlot(one.plot, error.code, error.message, (Refusal(error.code, error.message.rstrip("。")),))


def _spot_check(result: CheckResult, document: str) -> _Ask:
    asked = request(
        Operation.SPOT_CHECK.value,
        {
            "date": result.on_date,
            "checker": _BETWEEN_NAMES.join((result.checker, result.second_checker)),
            "outcome": result.outcome.value,
            "measured_area": result.measured_area,
            "document_number": document or None,
            "note": result.finding or None,
        },
    )
    return lambda _plot: asked


def _return(terms: Mapping[str, date | str | None], reason: str) -> _Ask:
    """A return; of a plot that was closed a new round, for all that the last one was to settle."""

    def ask(plot: LoadedPlot) -> Request:
        given = {**terms, "reason": reason}
        if plot.facts.state is not State.CLOSED:
            return request(Operation.RETURN.value, given)
        target = plot.facts.round.target
        return request(
            Operation.REOPEN.value, {**given, "target": target if target > Area.ZERO else plot.facts.issued_area}
        )

    return ask


def _judge(
    session: Session, wanted: Mapping[str, _Ask], context: ActionContext
) -> tuple[list[tuple[LoadedPlot, Outcome]], tuple[RefusedPlot, ...]]:
    """Each plot with its own request: done, or refused with the reasons."""
    loaded = plots.load(session, wanted)
    done: list[tuple[LoadedPlot, Outcome]] = []
    refused: list[RefusedPlot] = []
    for plot, ask in wanted.items():
        if plot not in loaded:
            refused.append(unknown_plot(plot))
            continue
        asked = ask(loaded[plot])
        result = apply(asked, loaded[plot].facts, context)
        if isinstance(result, Outcome):
            done.append((loaded[plot], result))
        else:
            refused.append(refused_plot(asked.rule, plot, result))
    return done, tuple(refused)


def _county_context(ledger: Ledger, by: Actor) -> ActionContext:
    context = action_context(ledger, by)
    if context.desk is Desk.TEAM:
        raise RuleError(
            "wrong_desk", "抽查组的台账不办这一步，台账没有变。", "请打成抽查结果包交给县专班，由县里入账和退回。"
        )
    return context


def _drawn(known: SampleInfo) -> SampleInfo:
    if known.status is SampleStatus.FRAMED:
        raise not_drawn(known)
    return known


def _place(known: SampleInfo, plot: str) -> SampledPlot:
    found = next((one for one in _drawn(known).plots if one.plot == plot), None)
    if found is None:
        raise RuleError("not_in_sample", "这个图斑不在这次抽样里，没有记下。", "请选抽中的图斑。")
    if found.replaced:
        raise RuleError("not_in_sample", f"{found.name}已经由别的图斑替换，没有记下。", "请记替补的图斑。")
    if found.result is not None and found.result.entered:
        raise RuleError(
            "already_entered", f"{found.name}的抽查结果已经入账，没有改。", "入错的先撤销入账那一条，再改结果。"
        )
    return found


def _claimers(session: Session, plot: str, context: ActionContext) -> frozenset[str]:
    """Who claimed the plot, at the desk that did: elsewhere the same name may be another person."""
    return frozenset(store.claimers(session, plot)) if context.desk is Desk.TOWNSHIP else frozenset()


def _refuse_result(result: CheckResult, name: str, drawn_on: date | None, today: date) -> None:
    """Refuse what two people cannot have found, wherever it was recorded."""
    first, second = plain(result.checker), plain(result.second_checker)
    if not first or not second or first == second:
        raise RuleError("four_eyes", "抽查要两个人一起看，没有记下。", "请写两个不同的检查人。")
    _refuse_day(result.on_date, drawn_on, today)
    if result.failed and not result.finding.strip():
        raise RuleError("finding_missing", f"{name}不合格，还没有写发现的问题，没有记下。", "请写现场看到了什么。")
    if result.measured_area is not None and result.measured_area < Area.ZERO:
        raise RuleError("area_negative", "实测面积不能小于 0，没有记下。", "请核对实测面积；没有实测的不填。")


def _refuse_stray(one: SampledPlot, strays: Collection[str]) -> None:
    if one.plot in strays:
        raise RuleError(
            "not_as_drawn",
            f"{one.name}照抽样框和种子抽不到它，也轮不到它替补，没有入账。",
            "请照“怎样重抽”核对；替补要换排在下一个的图斑，请抽查组换好再查、再报。",
        )


def _refuse_strangers(first: str, second: str, context: ActionContext) -> None:
    if not {first, second} & context.members:
        raise RuleError(
            "not_of_the_team",
            f"{first}、{second}都不是这本台账的成员，没有记下。",
            "两个检查人至少有一个要在册，请先加为成员。",
        )


def _refuse_own(own: Collection[str]) -> None:
    """Refuse people who claimed the plot that they checked."""
    if own:
        raise RuleError("own_claim", f"{min(own)}申报了这个图斑，不能自己抽查，没有记下。", "请换别人去检查。")


def _refuse_day(on: date, drawn_on: date | None, today: date) -> None:
    if drawn_on is not None and on < drawn_on:
        raise RuleError("before_draw", f"抽查日期早于抽样的日期 {drawn_on.isoformat()}，没有记下。", "请核对抽查日期。")
    if on > today:
        raise RuleError("in_future", "抽查日期还没有到，没有记下。", "请核对抽查日期。")
