"""What waiting, taking off the task, correcting and remarking ask for and do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice, HoldKind, choice_of
from gengdi_desktop.domain.corrections import Correction, Place, Shape, correction_of
from gengdi_desktop.domain.days import read_day
from gengdi_desktop.domain.land_classes import LandClasses
from gengdi_desktop.domain.moves_check import read_class
from gengdi_desktop.domain.outcomes import (
    ActionContext,
    CancellationRecord,
    CorrectionRecord,
    HoldRecord,
    NoteRecord,
    Outcome,
    Refusal,
    ReleaseRecord,
    RestorationRecord,
)
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import State
from gengdi_desktop.domain.values import Values
from gengdi_desktop.errors import RuleError

_FIRST_YEAR, _LAST_YEAR = 1949, 2100


def guard_hold(_plot: PlotFacts, values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Deferred by a document of a day, disputed between parties."""
    kind = values.maybe_choice("kind", HoldKind)
    if kind is HoldKind.DEFERRED:
        if "document_number" not in values:
            yield Refusal("missing", "缺暂缓文号", "document_number")
        if "date" not in values:
            yield Refusal("missing", "缺暂缓日期", "date")
    if kind is HoldKind.DISPUTED and "parties" not in values:
        yield Refusal("missing", "缺争议各方", "parties")


def hold(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """The plot waits; its state stays."""
    record = HoldRecord(
        values.choice("kind", HoldKind),
        values.maybe_day("date") or context.today,
        values.text("document_number"),
        values.text("parties"),
        values.text("reason"),
    )
    return Outcome(replace(plot, held=True), (record,), record.on_date)


def guard_release(plot: PlotFacts, _values: Values, _context: ActionContext) -> Iterator[Refusal]:
    """Only what waits can go on."""
    if not plot.held:
        yield Refusal("not_held", "没有暂缓，也没有争议，不用恢复")


def release(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """The plot goes on from where it stands."""
    on_date = values.maybe_day("date") or context.today
    return Outcome(replace(plot, held=False), (ReleaseRecord(on_date),), on_date)


def cancel(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Take the plot off the task; it stays in the issued totals."""
    on_date = values.maybe_day("date") or context.today
    record = CancellationRecord(on_date, values.text("document_number"), plot.state, values.text("reason"))
    return Outcome(replace(plot, state=State.CANCELLED, state_before=plot.state), (record,), on_date)


def restore(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Bring the plot back to where it was; one that came cancelled begins as issued."""
    on_date = values.maybe_day("date") or context.today
    back = replace(plot, state=plot.state_before or State.ISSUED, state_before=None)
    return Outcome(back, (RestorationRecord(on_date, values.text("document_number")),), on_date)


def note(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Add a remark."""
    on_date = values.maybe_day("date") or context.today
    return Outcome(plot, (NoteRecord(on_date, values.text("text")),), on_date)


def attach(plot: PlotFacts, _values: Values, _context: ActionContext) -> Outcome:
    """Files are kept by the evidence store; the plot's facts stay."""
    return Outcome(plot)


def guard_correct(plot: PlotFacts, values: Values, context: ActionContext) -> Iterator[Refusal]:
    """The new value must be readable and new; what the issued list said otherwise needs a document."""
    fact = correction_of(values.text("field"))
    if fact is None or "value" not in values:
        return
    if plot.state is State.SPLIT and fact.shape is Shape.AREA:
        yield Refusal("split_area", "被拆分图斑的面积不能更正", "field")
    new = new_text(fact, values.text("value"), context.classes)
    if isinstance(new, Refusal):
        yield new
        return
    old = _old_text(fact, plot)
    if new == old:
        yield Refusal("same_value", f"{fact.label}已经是“{new}”", "value")
    elif fact.place is Place.ISSUED and old and "document_number" not in values:
        yield Refusal("missing", "与下发清单不一致，缺文号", "document_number")


def correct(plot: PlotFacts, values: Values, context: ActionContext) -> Outcome:
    """Put a fact right; an issued value stays, with the correction beside it."""
    key, on_date = values.text("field"), values.maybe_day("date") or context.today
    fact = correction_of(key)
    new = "" if fact is None else new_text(fact, values.text("value"), context.classes)
    if fact is None or isinstance(new, Refusal):
        raise KeyError(key)
    record = CorrectionRecord(
        on_date, key, _old_text(fact, plot), new, values.text("reason"), values.text("document_number")
    )
    return Outcome(_corrected(plot, fact, new, context), (record,), on_date)


def new_text(fact: Correction, text: str, classes: LandClasses) -> str | Refusal:
    """The new value of a fact as it is stored: a code, an exact area, an ISO date, a plain text."""
    if fact.choices is not None:
        chosen = choice_of(fact.choices, text)
        labels = "、".join(choice.label for choice in fact.choices)
        return chosen.value if chosen else Refusal("not_a_choice", f"没有“{text}”，可以选：{labels}", "value")
    if fact.key == "class_now":
        read = read_class(text, classes)
        return read if isinstance(read, Refusal) else read[1] or read[2]
    try:
        return _READERS[fact.shape](text)
    except RuleError as found:
        return Refusal(found.code, found.message.removesuffix("。"), "value")


def _year_text(text: str) -> str:
    plain = text.strip().removesuffix("年").removesuffix("年度")
    if not (plain.isdecimal() and _FIRST_YEAR <= int(plain) <= _LAST_YEAR):
        raise RuleError("year_unclear", f"“{text.strip()}”不是年份。")
    return str(int(plain))


_READERS: Mapping[Shape, Callable[[str], str]] = {
    Shape.TEXT: str.strip,
    Shape.AREA: lambda text: Area.parse(text).exact(),
    Shape.DATE: lambda text: read_day(text).isoformat(),
    Shape.YEAR: _year_text,
}


def _old_text(fact: Correction, plot: PlotFacts) -> str:
    if fact.place is Place.ISSUED:
        return plot.issued.get(fact.key, "")
    value = getattr(plot.round if fact.place is Place.ROUND else plot, fact.key)
    if fact.key == "class_now":
        value = value or plot.class_now_name
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _corrected(plot: PlotFacts, fact: Correction, new: str, context: ActionContext) -> PlotFacts:
    if fact.place is Place.ISSUED:
        said = plot.issued.get(fact.key, "")
        return plot if said else replace(plot, issued={**plot.issued, fact.key: new})
    if fact.key == "class_now":
        read = read_class(new, context.classes)
        system, code, name = ("", "", new) if isinstance(read, Refusal) else read
        return replace(plot, class_now_system=system, class_now=code, class_now_name=name)
    value: Any = new
    if fact.choices is not None:
        value = _member(fact.choices, new)
    elif fact.shape is Shape.DATE:
        value = date.fromisoformat(new)
    if fact.place is Place.ROUND:
        return replace(plot, round=replace(plot.round, **{fact.key: value}))
    return replace(plot, **{fact.key: value})


def _member(choices: type[Choice], code: str) -> Choice:
    return choices(code)
