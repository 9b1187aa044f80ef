"""The verbs of the phases: act on plots, say what an action needs and what a plot still lacks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.domain.actions import ACTIONS, ActionRule, FieldRule, action_named, possible
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Refusal, Refusals, sentence
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.domain.transitions import Request, apply, request
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.phases import store
from gengdi_desktop.phases.context import action_context
from gengdi_desktop.phases.plot_rows import LoadedPlot, plain
from gengdi_desktop.phases.splitting.store import taken_number

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.domain.values import Value
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.progress.service import ProgressOptions, ProgressOutcome, ProgressPreview


@dataclass(frozen=True, slots=True)
class RefusedPlot:
    """A plot on which an action was not possible.

    Args:
        plot: Its own id, or the text given where there is no such plot.
        code: The code of the first reason.
        message: All reasons in one sentence.
        reasons: Each reason with its field, for forms.
    """

    plot: str
    code: str
    message: str
    reasons: Refusals


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What an action did.

    Args:
        changed: The ids of the plots on which it was done, in the order given.
        refused: The others.
        changes: The one journal entry; ``nothing`` where no plot changed.
    """

    changed: tuple[str, ...]
    refused: tuple[RefusedPlot, ...]
    changes: Changes


def act(  # noqa: PLR0913  (an action has its who, what, when and why)
    ledger: Ledger,
    action: str,
    plots: Sequence[str],
    values: Mapping[str, Value | None],
    *,
    by: Actor,
    event_date: date | None = None,
    reason: str | None = None,
    document: str | None = None,
    atomic: bool = False,
) -> ActOutcome:
    """Do one action on plots: one entry for all of them; plots that refuse are listed with their reasons.

    Args:
        ledger: An open ledger.
        action: Its code in the action table, or its Chinese name.
        plots: Own ids; one that stands twice is done once.
        values: By key or Chinese name of the field, as texts or as the values themselves.
        by: Who acts.
        event_date: For the key ``date``, where ``values`` has none.
        reason: For the key ``reason``; the entry keeps it in any case.
        document: For the key ``document_number``.
        atomic: Whether one refusal means that nothing is done.

    Raises:
        RuleError: ``unknown_action``; ``viewer``: the actor may only look.
        SurroundingsError: The ledger cannot be written.
    """
    rule = action_rule(action)
    given = {field.key if (field := rule.field_named(key)) else key: value for key, value in values.items()}
    _lay_in(rule, given, {"date": event_date, "reason": reason, "document_number": document})
    asked = request(rule.code.value, given)
    ids = tuple(dict.fromkeys(plots))
    context = action_context(ledger, by)
    if rule.code is Operation.ATTACH:
        return _attach(ledger, asked, ids, by, context, atomic=atomic)
    entry_date = asked.values.maybe_day("date") or event_date
    with ledger.begin(rule.code, by, reason=asked.values.text("reason") or reason, event_date=entry_date) as work:
        loaded = store.load(work.session, ids)
        done, refused = _judge(asked, ids, loaded, context)
        if rule.code is Operation.SPLIT:
            done, refused = _refuse_taken(rule, work.session, done, refused)
        if not done or (atomic and refused):
            return ActOutcome((), refused, Changes())
        store.write(work, done)
        return ActOutcome(tuple(one.facts.id for one, _ in done), refused, work.commit())


def action_rule(action: str) -> ActionRule:
    """The row of the action table for a code or a Chinese name.

    Raises:
        RuleError: ``unknown_action``.
    """
    rule = action_named(action)
    if rule is None:
        known = "".join(f"“{rule.label}”" for rule in ACTIONS.values())
        raise RuleError("unknown_action", f"没有“{action}”这个事项，台账没有变。", f"可以办的有：{known}。")
    return rule


def action_fields(action: str) -> tuple[FieldRule, ...]:
    """What is given with an action, in the order of its form.

    Raises:
        RuleError: ``unknown_action``.
    """
    return action_rule(action).fields


def possible_actions(ledger: Ledger, plot: str) -> tuple[ActionRule, ...]:
    """The actions that a plot's state allows at this desk; what they still lack, :func:`missing_for` says.

    Raises:
        RuleError: ``unknown_plot``.
    """
    facts = _one(ledger, plot).facts
    return possible(facts.state, Desk(ledger.info.desk), held=facts.held)


def missing_for(
    ledger: Ledger, plot: str, action: str, values: Mapping[str, Value | None] | None = None, *, by: Actor
) -> Refusals:
    """Everything that stands in the way of an action, with what has been filled in so far; empty where it may be done.

    Raises:
        RuleError: ``unknown_action``, ``unknown_plot``.
    """
    rule = action_rule(action)
    result = apply(request(rule.code.value, values or {}), _one(ledger, plot).facts, action_context(ledger, by))
    return () if isinstance(result, Outcome) else result


def missing_in(ledger: Ledger, action: str, plots: Sequence[str], *, by: Actor) -> Mapping[str, Refusals]:
    """What stands in the way of an action beside what its form asks for, plot by plot: evidence, areas, other persons.

    Plots that are not there are left out.

    Raises:
        RuleError: ``unknown_action``; ``viewer``.
    """
    rule, context = action_rule(action), action_context(ledger, by)
    asked, in_form = request(action, {}), {field.key for field in rule.fields}
    found: dict[str, Refusals] = {}
    with ledger.reading() as session:
        loaded = store.load(session, plots)
    for plot in plots:
        if plot in loaded:
            result = apply(asked, loaded[plot].facts, context)
            reasons = () if isinstance(result, Outcome) else result
            found[plot] = tuple(one for one in reasons if one.field not in in_form)
    return found


def prefilled(ledger: Ledger, plot: str, action: str) -> Mapping[str, str]:
    """What a form of an action begins with: facts of the plot under the action's keys, choices as codes.

    Raises:
        RuleError: ``unknown_action``, ``unknown_plot``.
    """
    rule, facts = action_rule(action), _one(ledger, plot).facts
    plan = facts.round
    known: dict[str, object] = {
        "class_now": facts.class_now or facts.class_now_name,
        "target": plan.target if plan.target > Area.ZERO else facts.issued_area,
        "problem_kind": facts.kind,
    }
    keys = [field.key for field in rule.fields if not field.private and field.key not in {"date", "reason"}]
    found: dict[str, str] = {}
    for key in keys:
        value = known.get(key, getattr(facts, key, getattr(plan, key, getattr(plan.buckets, key, None))))
        if isinstance(value, bool):
            found[key] = "yes" if value else "no"  # as forms and the command line say it
            continue
        text = value.exact() if isinstance(value, Area) else str(plain(value) or "")
        if text and not (isinstance(value, Area) and value == Area.ZERO):
            found[key] = text
    return found


def refused_plot(rule: ActionRule, plot: str, reasons: Refusals) -> RefusedPlot:
    """A refusal with all reasons in one sentence."""
    return RefusedPlot(plot, reasons[0].code, sentence(rule, reasons), reasons)


def unknown_plot(plot: str) -> RefusedPlot:
    """The refusal for an id that the ledger does not have."""
    reason = Refusal("unknown_plot", f"台账里没有图斑“{plot}”")
    return RefusedPlot(plot, reason.code, f"{reason.message}。", (reason,))


def _lay_in(rule: ActionRule, given: dict[str, Value | None], extra: Mapping[str, Value | None]) -> None:
    """Put what was given apart under its key; a document that the action does not know is refused as unknown."""
    for key, value in extra.items():
        wanted = rule.field(key) is not None or key == "document_number"
        if value is not None and wanted and given.get(key) in {None, ""}:
            given[key] = value


def _attach(
    ledger: Ledger, asked: Request, ids: Sequence[str], by: Actor, context: ActionContext, *, atomic: bool
) -> ActOutcome:
    """Files go into the folder first, so the evidence stage does it; here only the plots are judged."""
    with ledger.reading() as session:
        done, refused = _judge(asked, ids, store.load(session, ids), context)
    if not done or (atomic and refused):
        return ActOutcome((), refused, Changes())
    plots = tuple(loaded.facts.id for loaded, _ in done)
    path, values = Path(asked.values.text("file")), asked.values
    found = evidence.attach_to_plots(ledger, plots, [path], values.text("stage"), by=by, note=values.text("note"))
    if found.changes.nothing:
        there = Refusal("already_attached", "这个文件已经附在这个环节", "file")
        return ActOutcome((), (*refused, *(refused_plot(asked.rule, plot, (there,)) for plot in plots)), found.changes)
    return ActOutcome(plots, refused, found.changes)


def _judge(
    asked: Request, ids: Iterable[str], loaded: Mapping[str, LoadedPlot], context: ActionContext
) -> tuple[list[tuple[LoadedPlot, Outcome]], tuple[RefusedPlot, ...]]:
    done: list[tuple[LoadedPlot, Outcome]] = []
    refused: list[RefusedPlot] = []
    for plot in ids:
        if plot not in loaded:
            refused.append(unknown_plot(plot))
            continue
        result = apply(asked, loaded[plot].facts, context)
        if isinstance(result, Outcome):
            done.append((loaded[plot], result))
        else:
            refused.append(refused_plot(asked.rule, plot, result))
    return done, tuple(refused)


def _refuse_taken(
    rule: ActionRule,
    session: Session,
    done: Sequence[tuple[LoadedPlot, Outcome]],
    refused: tuple[RefusedPlot, ...],
) -> tuple[list[tuple[LoadedPlot, Outcome]], tuple[RefusedPlot, ...]]:
    """Refuse splits whose parts would bear the number of another plot of the village."""
    free: list[tuple[LoadedPlot, Outcome]] = []
    for loaded, outcome in done:
        taken = taken_number(session, loaded, outcome)
        if taken:
            reason = Refusal("number_taken", f"本村已经有编号“{taken}”的图斑", "parts")
            refused = (*refused, refused_plot(rule, loaded.facts.id, (reason,)))
        else:
            free.append((loaded, outcome))
    return free, refused


def _one(ledger: Ledger, plot: str) -> LoadedPlot:
    with ledger.reading() as session:
        found = store.load(session, [plot]).get(plot)
    if found is None:
        raise RuleError("unknown_plot", f"台账里没有图斑“{plot}”。", "请核对编号。")
    return found


# ---------------------------------------------------------------------------------------- sheets from and for villages


def progress_preview(
    ledger: Ledger,
    path: Path,
    options: ProgressOptions | None = None,
    *,
    by: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> ProgressPreview:
    """What a progress sheet would do; see :func:`gengdi_desktop.phases.progress.service.progress_preview`."""
    from gengdi_desktop.phases.progress import service as sheets

    return sheets.progress_preview(ledger, path, options, by=by, progress=progress)


def progress_run(
    ledger: Ledger,
    preview: ProgressPreview,
    *,
    by: Actor,
    partial: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ProgressOutcome:
    """Take a progress sheet in; see :func:`gengdi_desktop.phases.progress.service.progress_run`."""
    from gengdi_desktop.phases.progress import service as sheets

    return sheets.progress_run(ledger, preview, by=by, partial=partial, progress=progress)


def write_village_form(ledger: Ledger, path: Path, *, village: str = "") -> int:
    """Write the form that villages fill in; see :func:`gengdi_desktop.phases.village_form.write_village_form`."""
    from gengdi_desktop.phases import village_form

    return village_form.write_village_form(ledger, path, village=village)
