"""The values given with an action: texts and typed values, read by the action table once for all plots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar, cast

from gengdi_desktop.domain.actions import ActionRule, FieldKind, FieldRule
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice
from gengdi_desktop.domain.days import read_day
from gengdi_desktop.domain.outcomes import Refusal, Refusals
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.errors import RuleError

Value = str | date | Area | bool
"""What a field can be given: a text as typed, or the value itself."""

ChoiceType = TypeVar("ChoiceType", bound=Choice | Bucket)

_YES = frozenset({"是", "√", "✓", "有", "1", "y", "yes", "true"})
_BUCKETS = {bucket.value: bucket for bucket in Bucket}
_NO = frozenset({"否", "×", "✗", "无", "0", "n", "no", "false"})


class Values:
    """Typed values by key. The plain accessors are for what guards have made sure of and raise KeyError else."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values
        self._buckets = {
            bucket: cast("Area", values[code]) for code in values if (bucket := _BUCKETS.get(code)) is not None
        }

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        """The text; empty where not given."""
        return str(self._values.get(key, ""))

    def day(self, key: str) -> date:
        """The day that is given for certain."""
        return cast("date", self._values[key])

    def maybe_day(self, key: str) -> date | None:
        """The day; None where not given."""
        return self.day(key) if key in self else None

    def area(self, key: str) -> Area:
        """The area that is given for certain."""
        return cast("Area", self._values[key])

    def maybe_area(self, key: str) -> Area | None:
        """The area; None where not given."""
        return self.area(key) if key in self else None

    def flag(self, key: str) -> bool | None:
        """Yes or no; None where not given."""
        return cast("bool", self._values[key]) if key in self else None

    def choice(self, key: str, choices: type[ChoiceType]) -> ChoiceType:
        """The choice that is given for certain."""
        return choices(cast("str", self._values[key]))

    def maybe_choice(self, key: str, choices: type[ChoiceType]) -> ChoiceType | None:
        """The choice; None where not given."""
        return self.choice(key, choices) if key in self else None

    def buckets(self) -> dict[Bucket, Area]:
        """The areas given by method, under the buckets' codes."""
        return dict(self._buckets)


def read_values(rule: ActionRule, given: Mapping[str, Value | None]) -> tuple[Values, Refusals]:
    """Read what was given with an action; empty texts count as not given.

    Returns:
        The typed values, and what is wrong with them: unknown keys, unreadable values, required fields left out.
    """
    typed: dict[str, Value] = {}
    refusals: list[Refusal] = []
    for key, value in given.items():
        field = rule.field(key)
        if field is None:
            known = "、".join(field.key for field in rule.fields)
            refusals.append(Refusal("unknown_field", f"没有“{key}”这一项，可以填的有：{known}", key))
        elif value is not None and not (isinstance(value, str) and not value.strip()):
            read = _read(field, value)
            if isinstance(read, Refusal):
                refusals.append(read)
            else:
                typed[key] = read
    unreadable = {refusal.field for refusal in refusals}
    refusals += [
        missing(field)
        for field in rule.fields
        if field.required and field.key not in typed and field.key not in unreadable
    ]
    return Values(typed), tuple(refusals)


def missing(field: FieldRule) -> Refusal:
    """The refusal for a field that is not given: 缺整改措施."""
    return Refusal("missing", f"缺{field.label}", field.key)


def read_flag(text: str) -> bool | None:
    """Yes or no as clerks write it; None where it is neither."""
    plain = text.strip().lower()
    return True if plain in _YES else False if plain in _NO else None


def _read(field: FieldRule, value: Value) -> Value | Refusal:
    try:
        if isinstance(value, str):
            return _read_text(field, value.strip())
    except RuleError as found:
        return Refusal(found.code, f"{field.label}{found.message.removesuffix('。')}", field.key)
    fits = {FieldKind.DATE: date, FieldKind.AREA: Area, FieldKind.FLAG: bool}.get(field.kind)
    if fits is None or not isinstance(value, fits):
        return Refusal("wrong_kind", f"{field.label}要填{field.kind.label}", field.key)
    return value


def _read_text(field: FieldRule, text: str) -> Value | Refusal:
    if field.kind is FieldKind.DATE:
        return read_day(text)
    if field.kind is FieldKind.AREA:
        return Area.parse(text)
    if field.kind is FieldKind.FLAG:
        flag = read_flag(text)
        return Refusal("wrong_kind", f"{field.label}“{text}”要填是或否", field.key) if flag is None else flag
    if field.kind is FieldKind.CHOICE:
        plain = "".join(text.split())
        code = next((code for code, label in field.choices if plain in {code, label}), None)
        labels = "、".join(label for _, label in field.choices)
        return code or Refusal("not_a_choice", f"{field.label}没有“{text}”，可以选：{labels}", field.key)
    return text
