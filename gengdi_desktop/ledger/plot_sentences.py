"""What an entry did to one plot, put the way a person would write it; every thing is said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.ledger import conflict_sentences, sample_sentences
from gengdi_desktop.ledger.photo_sentences import saying
from gengdi_desktop.ledger.words import FIELD_WORDS, HIDDEN, shown
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import layout

Diff = Mapping[str, list[Value]]

_NOTHING = ("（空）", "")
_PLAIN = re.compile(r"[0-9.]+ 亩|[0-9]+年[0-9]+月[0-9]+日")
"""Values that stand in a sentence without quotation marks."""
_OTHER = "（改了，不显示）"
_QUIET = frozenset({"state", "held", "round", "contest_area"})
"""Fields that the entry's own word or another field tells."""
_CLASSES = (("class_before", "class_before_name"), ("class_after", "class_after_name"), ("class_now", "class_now_name"))
"""Code and name of a land class: one thing to people."""
_AFTER_STEPS = frozenset({"claimed_on", "claimed_by", "accepted_on", "county_accepted_on", "returned_on", "closed_on"})
"""What steps leave in a round: their records tell it, and so does the state that a return leads back to."""
_DAY_OF_STEP: Mapping[str, str] = {
    Operation.CHECK: "checked_on",
    Operation.CONTEST: "contested_on",
    Operation.START: "started_on",
    Operation.WORKS_DONE: "works_done_on",
    Operation.CLAIM: "claimed_on",
    Operation.REOPEN: "reopened_on",
}
"""The day that a step fills in: after the step's own word it needs no other."""
_RECTIFY = {"是": "需要整改", "否": "不需要整改"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a plot as an entry changed it; ``name`` can be given to ``restore_field`` where it is allowed."""

    table: str
    name: str
    label: str
    old: str
    new: str

    @property
    def filled(self) -> bool:
        """Whether nothing stood there before."""
        return self.old in _NOTHING or (self.name in set(Bucket) and self.old == "0.00 亩")

    @property
    def cleared(self) -> bool:
        """Whether nothing stands there now."""
        return self.new in _NOTHING


@dataclass(frozen=True, slots=True)
class Deeds:
    """What an entry, or a chain of edits, did to one plot.

    Attributes:
        fields: Changed fields by table and name, each with its first old and its last new value.
        added: New records: table and fields.
        changed: Records that were there and were changed: table, name where the record has one, fields.
    """

    fields: dict[tuple[str, str], FieldChange] = field(default_factory=dict)
    added: list[tuple[str, Diff]] = field(default_factory=list)
    changed: list[tuple[str, str, Diff]] = field(default_factory=list)

    def note(self, changes: Iterable[FieldChange]) -> None:
        """Take in changed fields; of one that was changed before, the older old value stays."""
        for one in changes:
            earlier = self.fields.get((one.table, one.name))
            old = earlier.old if earlier else one.old
            self.fields[one.table, one.name] = FieldChange(one.table, one.name, one.label, old, one.new)

    def records(self, table: str) -> Iterator[Diff]:
        """The new records of a table."""
        return (diff for one, diff in self.added if one == table)


def field_changes(table: str, diff: Diff) -> Iterator[FieldChange]:
    """The fields of a row's change that people are told, in the order of the table."""
    hidden = layout(table).private
    for name in layout(table).names:
        label = FIELD_WORDS.get((table, name))
        if name not in diff or label is None:
            continue
        old, new = (shown(table, name, value, private=name in hidden) for value in diff[name])
        if old == new and old.endswith(" 亩"):
            # Two areas that differ by less than is shown: what changed must be seen.
            old, new = (f"{Area(int(value or 0)).exact()} 亩" for value in diff[name])
        if old == new == HIDDEN:
            new = _OTHER
        yield FieldChange(table, name, label, old, new)


def parts(deeds: Deeds, action: str) -> list[str]:
    """What was done, each as a clause: when, the records, the fields, then from which state to which."""
    day = _DAY_OF_STEP.get(action, "")
    step_day = next((one for one in deeds.fields.values() if one.name == day and one.filled), None)
    told = [_step_day(step_day, deeds)] if step_day is not None else []
    told += [part for table, diff in deeds.added for part in _record(table, diff, deeds)]
    told += [part for one in deeds.changed for part in _changed(*one)]
    told += _field_parts(deeds, {day, "claimed_by"} if step_day is not None else ())
    state = deeds.fields.get(("plot", "state"))
    if state is not None and state.old != state.new:
        told.append(f"状态由“{state.old}”变为“{state.new}”")
    return [one for one in dict.fromkeys(told) if one]


def _step_day(day: FieldChange, deeds: Deeds) -> str:
    """When a step was taken, after the step's own word; who claimed stands with it."""
    who = deeds.fields.get(("round", "claimed_by")) if day.name == "claimed_on" else None
    return f"{day.new}由{who.new}申报" if who is not None and not who.cleared else day.new


# -------------------------------------------------------------------------------------------------- fields


def _field_parts(deeds: Deeds, told: Collection[str]) -> Iterator[str]:
    said = {key for key in deeds.fields if key[1] in told or key[1] in _QUIET} | set(_said_by_records(deeds))
    merged: dict[tuple[str, str], FieldChange] = {}
    for first, second in _CLASSES:
        code, name = (deeds.fields.get(("plot", one)) for one in (first, second))
        if code is not None and name is not None:
            merged["plot", first] = _merged(code, name)
            said.add(("plot", second))
    for key, change in deeds.fields.items():
        one = merged.get(key, change)
        if key[0] in {"plot", "round"} and key not in said and one.old != one.new:
            yield field_part(one, deeds)


def _merged(code: FieldChange, name: FieldChange) -> FieldChange:
    """可调整果园（0201K）."""

    def both(number: str, word: str) -> str:
        if word in _NOTHING:
            return number
        return word if number in _NOTHING else f"{word}（{number}）"

    return FieldChange(code.table, code.name, name.label, both(code.old, name.old), both(code.new, name.new))


def field_part(change: FieldChange, deeds: Deeds | None = None) -> str:
    """One changed field as a clause: 时限由2023年8月20日改为2023年8月25日."""
    old, new = change.old, change.new
    if change.name == "rectify":
        old, new = _RECTIFY.get(old, old), _RECTIFY.get(new, new)
        return new if change.filled else f"由“{old}”改为“{new}”"
    if HIDDEN in {old, new}:
        return _private(change)
    if change.filled:
        return f"{change.label}：{_said(new)}{_contested(change, deeds)}"
    if change.cleared:
        return f"{change.label}{_quoted(old)}删去了"
    return f"{change.label}由{_quoted(old)}改为{_quoted(new)}"


def _private(change: FieldChange) -> str:
    if change.filled:
        return f"{change.label}：{HIDDEN}"
    return f"{change.label}{'删去了' if change.cleared else _OTHER}"


def _contested(change: FieldChange, deeds: Deeds | None) -> str:
    """How much was put under the method of a proof."""
    area = deeds.fields.get(("round", "contest_area")) if deeds and change.name == "contest_bucket" else None
    return f" {area.new}" if area is not None and not area.cleared else ""


def _said_by_records(deeds: Deeds) -> Iterator[tuple[str, str]]:
    """Fields that a new record, or another field of the same entry, says too."""
    records = [diff for table, diff in deeds.added if table in {"progress", "acceptance", "plot_return", "closing"}]
    return (key for key, change in deeds.fields.items() if key[0] == "round" and _is_said(change, deeds, records))


def _is_said(change: FieldChange, deeds: Deeds, records: Sequence[Diff]) -> bool:
    contest = deeds.fields.get(("round", "contest_bucket"))
    if any(new_value(one, change.name) and _shown_new("round", change.name, one) == change.new for one in records):
        return True
    if contest is not None and change.label == contest.new:
        return True
    if change.name in _AFTER_STEPS and records:
        return True
    # A return takes back what the steps had settled: the state tells it.
    return any(deeds.records("plot_return")) and change.cleared and change.name in set(Bucket)


# ------------------------------------------------------------------------------------------------- records


def _record(table: str, diff: Diff, deeds: Deeds) -> Iterator[str]:
    teller = _TELLERS.get(table)
    if teller is not None:
        yield from teller(diff, deeds)
    yield from _rest(table, diff, _SAID.get(table, frozenset()))


def _rest(table: str, diff: Diff, said: Collection[str]) -> Iterator[str]:
    """The other fields of a record as they stand."""
    for name in layout(table).names:
        word = FIELD_WORDS.get((table, name))
        if word is not None and name in diff and name not in said and name not in set(Bucket):
            value = _shown_new(table, name, diff)
            if value not in _NOTHING and (name != "removed" or new_value(diff, name)):
                yield f"{word}：{_said(value)}"


def _progress(diff: Diff, deeds: Deeds) -> Iterator[str]:
    told = []
    for bucket in Bucket:
        if new_value(diff, bucket.value):
            change = deeds.fields.get(("round", bucket.value))
            before = f"（原来 {change.old}）" if change is not None and not change.filled else ""
            told.append(f"{bucket.label} {_shown_new('progress', bucket.value, diff)}{before}")
    day = _shown_new("progress", "event_date", diff)
    yield f"{f'截至{day}' if day not in _NOTHING else ''}累计{'、'.join(told) if told else ' 0.00 亩'}"


def _acceptance(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    areas = [
        f"{bucket.label} {_shown_new('acceptance', bucket.value, diff)}"
        for bucket in Bucket
        if new_value(diff, bucket.value)
    ]
    found = f"认定{'、'.join(areas)}" if areas else "验收"
    yield f"{_day_and_who('acceptance', diff, 'on_date', 'group_name')}{found}"
    if new_value(diff, "cut"):
        yield "认定的比申报的少"
    if new_value(diff, "single_handed"):
        yield "一人经办"


def _return(diff: Diff, deeds: Deeds) -> Iterator[str]:
    yield from _day_first("plot_return", diff)
    reason = _shown_new("plot_return", "reason", diff)
    if reason not in _NOTHING:
        yield f"原因：{_said(reason)}"
    deadline = _shown_new("plot_return", "new_deadline", diff)
    if deadline not in _NOTHING and ("round", "deadline") not in deeds.fields:
        yield f"新时限：{deadline}"


def _spot_check(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    who = new_value(diff, "checker")
    checked = f"由{who}检查" if who else ""
    yield _with_outcome("spot_check", diff, checked)


def _revisit(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    yield _with_outcome("revisit", diff, "")


def _with_outcome(table: str, diff: Diff, how: str) -> str:
    """When, by whom, with which result."""
    day, outcome = (_shown_new(table, name, diff) for name in ("on_date", "outcome"))
    told = ("" if day in _NOTHING else day, how, "" if outcome in _NOTHING else f"结果{outcome}")
    return "，".join(one for one in told if one)


def _closing(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    yield f"{_day_and_who('closing', diff, 'on_date', 'closer')}办理"


def _held_or_cut(table: str) -> Callable[[Diff, Deeds], Iterator[str]]:
    return lambda diff, _deeds: _day_first(table, diff)


def _day_first(table: str, diff: Diff) -> Iterator[str]:
    day = _shown_new(table, "on_date", diff)
    if day not in _NOTHING:
        yield day


def _note(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    yield _said(_shown_new("note", "body", diff))


def _attachment(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    stage = _shown_new("attachment", "stage", diff)
    word = "" if stage in _NOTHING else stage
    picture = str(new_value(diff, "media_type") or "").startswith("image/") and new_value(diff, "stage") != Stage.PAPER
    yield f"添上{word}{'照片' if picture else ''}“{new_value(diff, 'name') or ''}”"


def _answer(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    asked = _said(str(new_value(diff, "asked") or ""))
    yield f"{f'问“{asked}”，答：' if asked else ''}{_said(str(new_value(diff, 'answer') or ''))}"


def _shape(_diff: Diff, _deeds: Deeds) -> Iterator[str]:
    yield "有了边界"


def _correction(diff: Diff, _deeds: Deeds) -> Iterator[str]:
    code = str(new_value(diff, "field"))
    word = FIELD_WORDS.get(("plot", code)) or FIELD_WORDS.get(("round", code)) or code
    old, new = (shown("plot", code, new_value(diff, name)) for name in ("old_value", "new_value"))
    if old in _NOTHING:
        yield f"{word}更正为{_quoted(new)}，原来没有填"
    else:
        yield f"{word}由{_quoted(old)}更正为{_quoted(new)}"
    for name, said in (("reason", "原因"), ("document_number", "文号")):
        if new_value(diff, name):
            yield f"{said}：{_said(str(new_value(diff, name)))}"


_TELLERS: Mapping[str, Callable[[Diff, Deeds], Iterator[str]]] = {
    "progress": _progress,
    "acceptance": _acceptance,
    "plot_return": _return,
    "spot_check": _spot_check,
    "revisit": _revisit,
    "closing": _closing,
    "hold": _held_or_cut("hold"),
    "cancellation": _held_or_cut("cancellation"),
    "note": _note,
    "attachment": _attachment,
    "photo_answer": _answer,
    "plot_shape": _shape,
    "correction": _correction,
    "conflict": lambda diff, _deeds: conflict_sentences.asked(diff),
    "sample_plot": lambda diff, _deeds: sample_sentences.drawn(diff),
    "sample_result": lambda diff, _deeds: sample_sentences.found(diff),
}
_SAID: Mapping[str, frozenset[str]] = {
    "progress": frozenset({"event_date"}),
    "acceptance": frozenset({"on_date", "group_name"}),
    "plot_return": frozenset({"on_date", "reason", "new_deadline"}),
    "spot_check": frozenset({"on_date", "checker", "outcome"}),
    "revisit": frozenset({"on_date", "outcome"}),
    "closing": frozenset({"on_date", "closer"}),
    "note": frozenset({"body", "on_date"}),
    "attachment": frozenset({"stage", "name"}),
    "photo_answer": frozenset({"answer", "on_date"}),
    "hold": frozenset({"kind", "on_date"}),
    "cancellation": frozenset({"on_date"}),
    "correction": frozenset({"new_value", "reason", "document_number", "on_date"}),
    "sample_result": frozenset({"on_date", "outcome", "checker", "second_checker", "measured_area", "finding"}),
}
"""The fields of a record that its own clause tells."""


def _changed(table: str, name: str, diff: Diff) -> Iterator[str]:
    """A record that was there: files go to the bin and come back, holds end, cancellations are taken back."""
    if table == "attachment" and "removed" in diff:
        yield f"把“{name}”移入回收站" if new_value(diff, "removed") else f"把“{name}”从回收站放回"
        if new_value(diff, "removed_reason"):
            yield f"原因：{_said(str(new_value(diff, 'removed_reason')))}"
        return
    if table == "attachment" and "stage" in diff:
        old, new = (shown(table, "stage", value) for value in diff["stage"])
        yield f"把“{name}”从{old}放到{new}"
        return
    if table == "photo":
        yield from saying(name, diff)
        return
    if table == "sample_plot":
        yield from sample_sentences.left_out(diff)
        return
    if table == "conflict":
        yield from conflict_sentences.became(name, diff)
        return
    yield from (field_part(one) for one in field_changes(table, diff) if one.old != one.new)


# --------------------------------------------------------------------------------------------------- words


def _day_and_who(table: str, diff: Diff, day: str, who: str) -> str:
    """2023年8月12日由乡验收组, as far as it is known."""
    when = _shown_new(table, day, diff)
    name = str(new_value(diff, who) or "") if who else ""
    return f"{'' if when in _NOTHING else when}{f'由{name}' if name else ''}"


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f" {value}" if value.endswith(" 亩") else value
    return f"“{value}”"


def _said(value: str) -> str:
    """A value within a sentence: without the stop at its end, in quotation marks where it has several clauses."""
    plain = " ".join(value.split()).rstrip("。；;，, ")
    return f"“{plain}”" if any(mark in plain for mark in "。；;") else plain


def new_value(diff: Diff, name: str) -> Value:
    """What a field holds after a change; null where it was not changed."""
    return diff.get(name, [None, None])[1]


def _shown_new(table: str, name: str, diff: Diff) -> str:
    return shown(table, name, new_value(diff, name), private=name in layout(table).private)
