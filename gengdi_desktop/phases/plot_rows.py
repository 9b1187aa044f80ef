"""A plot's facts as its rows hold them: read from stored values, and put back as changed ones. No SQL here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import (
    Choice,
    DisposalClass,
    Finding,
    InPlace,
    ProblemKind,
    ProofKind,
    choice_of,
)
from gengdi_desktop.domain.corrections import CORRECTIONS, Correction, Place, Shape
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts, Statement
from gengdi_desktop.domain.states import Bucket, State
from gengdi_desktop.storage.journal import checked_value

if TYPE_CHECKING:
    from gengdi_desktop.storage.journal import Item, Value

ChoiceType = TypeVar("ChoiceType", bound=Choice)

BUCKETS: Final = tuple(bucket.value for bucket in Bucket)
"""The columns of the six areas."""
_ISSUED: Final[Mapping[str, Correction]] = {one.key: one for one in CORRECTIONS if one.place is Place.ISSUED}
_ROUND_TEXTS = (
    *("not_required_reason", "difficulty", "measure", "plan_text", "plan_approver", "person", "person_title"),
    *("person_phone", "crop", "demolition_record", "proof_statement", "proof_document", "claimed_by", "reopen_reason"),
)
ROUND_DAYS = (
    *("plan_approved_on", "planned_on", "deadline", "started_on", "works_done_on", "sown_on", "contested_on"),
    *("claimed_on", "accepted_on", "county_accepted_on", "closed_on", "returned_on", "reopened_on"),
)
_PLOT_TEXTS = (
    *("class_now_system", "class_now", "class_now_name", "cause", "party", "case_number", "person_handled"),
    *("responsible_leader", "grid_chief"),
)
_PLOT_FACTS = (
    *("state", "held", "checked_on", "finding", "problem_kind", "rectify", "built_on"),
    *("demolished", "confiscated", "referred", *_PLOT_TEXTS),
)
_ROUND_FACTS = tuple(one.name for one in fields(RoundFacts) if one.name != "buckets")
_MAYBE: Mapping[str, frozenset[str]] = {
    "plot": frozenset({"checked_on", "rectify", "built_on"}),
    "round": frozenset(ROUND_DAYS),
}


@dataclass(slots=True)
class StoredRow:
    """A row as it is stored, and what is to become of it.

    Args:
        table: Its table.
        key: Its key.
        stored: What it holds; empty where it is not there yet.
        changed: What it is to hold instead.
    """

    table: str
    key: str
    stored: dict[str, Value]
    changed: dict[str, Value] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """What is stored in a column: an integer, a text or nothing, as the column's kind is."""
        return self.stored[name]

    def put(self, name: str, value: Value) -> None:
        """Let a column hold something else."""
        self.changed[name] = checked_value(value)

    def item(self) -> Item | None:
        """The change of a row that is there, as the journal writes it; None where nothing changes."""
        diff = {name: [old, new] for name, new in self.changed.items() if (old := self.stored[name]) != new}
        return ["~", self.table, self.key, diff] if diff else None


@dataclass(slots=True)
class LoadedPlot:
    """A plot with its rows.

    ``round`` is None where nothing of the current round has been written yet.
    """

    facts: PlotFacts
    plot: StoredRow
    round: StoredRow | None


class IssuedTexts(Mapping[str, str]):
    """The issued facts of a plot as texts, made when they are asked for: most actions ask for none."""

    __slots__ = ("_row",)

    def __init__(self, row: Mapping[str, Value]) -> None:
        self._row = row

    def __getitem__(self, key: str) -> str:
        """The text of one fact; empty where it was not issued."""
        value = self._row[_ISSUED[key].key]
        if value is None:
            return ""
        return Area(int(value)).exact() if _ISSUED[key].shape is Shape.AREA else str(value)

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order of the corrections."""
        return iter(_ISSUED)

    def __len__(self) -> int:
        """How many there are."""
        return len(_ISSUED)

    def __eq__(self, other: object) -> bool:
        """Whether the same was issued."""
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]


# ------------------------------------------------------------------------------------------------------------- reading


def plot_facts(
    row: Mapping[str, Any],
    current: RoundFacts,
    statements: tuple[Statement, ...],
    evidence: EvidenceCounts,
    before: State | None,
    parts_locked: str = "",
) -> PlotFacts:
    """A plot as the rules see it."""
    return PlotFacts(
        id=row["id"],
        issued_area=Area(row["issued_area"]),
        state=State(row["state"]),
        round=current,
        held=bool(row["held"]),
        listed_kind=_choice(ProblemKind, row["kind"]),
        state_before=before,
        issued=IssuedTexts(row),
        statements=statements,
        evidence=evidence,
        checked_on=_day(row["checked_on"]),
        finding=_choice(Finding, row["finding"]),
        problem_kind=_choice(ProblemKind, row["problem_kind"]),
        rectify=None if row["rectify"] is None else bool(row["rectify"]),
        built_on=_day(row["built_on"]),
        demolished=_choice(InPlace, row["demolished"]),
        confiscated=_choice(InPlace, row["confiscated"]),
        referred=_choice(InPlace, row["referred"]),
        part_of=row["split_parent"] or "",
        parts_locked=parts_locked,
        **{name: row[name] for name in _PLOT_TEXTS},
    )


def round_facts(row: Mapping[str, Any]) -> RoundFacts:
    """A round as the rules see it."""
    plain: dict[str, Any] = {name: row[name] for name in _ROUND_TEXTS}
    plain |= {name: _day(row[name]) for name in ROUND_DAYS}
    return RoundFacts(
        number=row["number"],
        target=Area(row["target"]),
        buckets=Buckets(*(Area(row[name]) for name in BUCKETS)),
        disposal_class=_choice(DisposalClass, row["disposal_class"]),
        proof_kind=_choice(ProofKind, row["proof_kind"]),
        contest_bucket=Bucket(row["contest_bucket"]) if row["contest_bucket"] else None,
        contest_area=Area(row["contest_area"]),
        **plain,
    )


@cache
def _choice(choices: type[ChoiceType], code: str) -> ChoiceType | None:
    """A code as stored; a text that some list brought and that is none of ours counts as not said."""
    return choice_of(choices, code) if code else None


@cache
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# ------------------------------------------------------------------------------------------------------------- writing


def round_key(plot: str, number: int) -> str:
    """The key of a round's row."""
    return f"{plot}:{number}"


def put_facts(loaded: LoadedPlot, new: PlotFacts) -> StoredRow | None:
    """Put into the rows of a plot what is different in its new facts; returns the row of a round that begins."""
    old, row = loaded.facts, loaded.plot
    _put(row, _PLOT_FACTS, old, new)
    if new.issued is not old.issued:
        for key, text in new.issued.items():
            if text != old.issued[key]:
                row.put(key, _issued_value(text, _ISSUED[key].shape))
    began = None
    if new.round == old.round and loaded.round is not None:
        return None
    if new.round.number != old.round.number or loaded.round is None:
        if new.round == RoundFacts(number=new.round.number):
            return None  # nothing of it has been said yet
        began = loaded.round = StoredRow("round", round_key(new.id, new.round.number), {})
        began.put("plot_id", new.id)
        row.put("round", new.round.number)
        began.put("number", new.round.number)
        _put(began, _ROUND_FACTS, RoundFacts(), new.round)
        _put_buckets(began, Buckets(), new.round.buckets)
    else:
        _put(loaded.round, _ROUND_FACTS, old.round, new.round)
        _put_buckets(loaded.round, old.round.buckets, new.round.buckets)
    return began


def _put(row: StoredRow, names: tuple[str, ...], old: PlotFacts | RoundFacts, new: PlotFacts | RoundFacts) -> None:
    for name in names:
        value = getattr(new, name)
        if value is not (before := getattr(old, name)) and value != before:
            row.put(name, _cell(row.table, name, value))


def _put_buckets(row: StoredRow, old: Buckets, new: Buckets) -> None:
    if new is not old:
        for name in BUCKETS:
            if (area := getattr(new, name)) != getattr(old, name):
                row.put(name, area.micro_mu)


def _cell(table: str, name: str, value: object) -> Value:
    """A fact as its column holds it: an empty choice is an empty text where the column must be there."""
    return plain(value) if value is not None or name in _MAYBE[table] else ""


def plain(value: object) -> Value:
    """A value as tables hold it: areas 10⁻⁶ mu, days ISO, flags 0 and 1, choices their codes."""
    if isinstance(value, Area):
        return value.micro_mu
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"no column holds {type(value).__name__}")


def _issued_value(text: str, shape: Shape) -> str | int:
    if shape is Shape.AREA:
        return Area.parse(text).micro_mu
    return int(text) if shape is Shape.YEAR else text
