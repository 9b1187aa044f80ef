"""A snapshot as one canonical text that can be hashed, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.states import Bucket, DoneRule, Label, State
from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.reports.facts.county_facts import CheckFact, SampleFact, StratumFact, TieOutFact, UnitFact
from gengdi_desktop.reports.facts.snapshot import (
    FigureFact,
    LabelSum,
    ListFact,
    OpenLine,
    PhaseFact,
    PlotFact,
    Snapshot,
)
from gengdi_desktop.storage.journal import canonical

FORMAT = "gengdi-snapshot/1"
_OPTIONAL = frozenset({"units", "tie_outs", "sample_check"})
"""What only papers of county and team say; it stands in no other snapshot."""


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """A snapshot with its figures as one text.

    Args:
        data: Canonical JSON: UTF-8, keys sorted, no spaces, each text NFC, integers and texts only.
        sha256: Of ``data``, hex.
    """

    data: bytes
    sha256: str

    @property
    def short(self) -> str:
        """What is printed on paper: the first sixteen digits in groups."""
        head = self.sha256[:16].upper()
        return "-".join(head[start : start + 4] for start in range(0, 16, 4))


def freeze_facts(snapshot: Snapshot, figures: Mapping[str, FigureFact]) -> FrozenFacts:
    """The canonical text of a snapshot and its figures."""
    told = _plain(snapshot)
    facts = {key: told[key] for key in told if key not in _OPTIONAL or told[key]}
    plain = {"format": FORMAT, **facts, "figures": {key: _plain(one) for key, one in figures.items()}}
    data = canonical(plain)
    return FrozenFacts(data, hashlib.sha256(data).hexdigest())


def thaw_facts(data: bytes) -> Snapshot:
    """The snapshot that a canonical text holds; its figures are made anew from it.

    Raises:
        SurroundingsError: ``snapshot_unreadable``.
    """
    try:
        found = json.loads(data)
        if found.pop("format") != FORMAT:
            raise _unreadable()
        found.pop("figures")
        return _snapshot(found)
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable() from error


def _unreadable() -> SurroundingsError:
    return SurroundingsError(
        "snapshot_unreadable", "这份报告的数据快照读不出来，报告文件没有变。", "请从备份里找回这本台账。"
    )


def _plain(value: Any) -> Any:
    """JSON of our values: areas as exact decimals in mu, days as ISO texts, no floats."""
    if isinstance(value, (Area, date)):
        return value.exact() if isinstance(value, Area) else value.isoformat()
    if isinstance(value, Buckets):
        return {bucket.value: area.exact() for bucket, area in value}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return _atom(value)


def _atom(value: Any) -> str | int | None:
    """A text, an integer or null; truth values are 0 and 1."""
    if isinstance(value, str):
        return str(value)
    return None if value is None else int(value)


def _snapshot(found: dict[str, Any]) -> Snapshot:
    found["phases"] = tuple(
        PhaseFact(one["code"], one["name"], _day(one["start"]), _day(one["end"]), _day(one["deadline"]))
        for one in found["phases"]
    )
    found["lists"] = tuple(_list(one) for one in found["lists"])
    found["plots"] = tuple(_plot(one) for one in found["plots"])
    found["open_lines"] = tuple(OpenLine(**one | {"issued": _area(one["issued"])}) for one in found["open_lines"])
    for key in ("issued_on", "hard_deadline", "as_of"):
        found[key] = _day(found[key])
    if "units" in found:
        found["units"] = tuple(_unit(one) for one in found["units"])
    if "tie_outs" in found:
        found["tie_outs"] = tuple(TieOutFact(**one | {"holds": bool(one["holds"])}) for one in found["tie_outs"])
    if "sample_check" in found:
        found["sample_check"] = _sample(found["sample_check"])
    return Snapshot(**found | {"done_rule": DoneRule(found["done_rule"]), "sample": bool(found["sample"])})


def _list(one: dict[str, Any]) -> ListFact:
    sums = {Label(key): _sum(value) for key, value in one["by_label"].items()}
    stated = None if one["stated_area"] is None else _area(one["stated_area"])
    whole = {"lines": _sum(one["lines"]), "unentered": _sum(one["unentered"])}
    return ListFact(**one | whole | {"by_label": sums, "stated_area": stated})


def _plot(one: dict[str, Any]) -> PlotFact:
    days = ("checked_on", "deadline", "claimed_on", "accepted_on", "county_accepted_on", "closed_on")
    changed: dict[str, Any] = {key: _day(one[key]) for key in days}
    changed |= {key: _area(one[key]) for key in ("issued", "basic", "target")}
    changed |= {key: bool(one[key]) for key in ("returned", "overdue", "single_handed")}
    changed["rectify"] = None if one["rectify"] is None else bool(one["rectify"])
    changed["buckets"] = Buckets.of({Bucket(key): _area(value) for key, value in one["buckets"].items()})
    return PlotFact(**one | changed | {"state": State(one["state"]), "label": Label(one["label"])})


def _unit(one: dict[str, Any]) -> UnitFact:
    return UnitFact(one["name"], bool(one["listed"]), tuple(one["spelled"]))


def _sample(one: dict[str, Any]) -> SampleFact:
    changed: dict[str, Any] = {key: _day(one[key]) for key in ("framed_on", "drawn_on")}
    changed["frame_area"] = _area(one["frame_area"])
    changed["strata"] = tuple(StratumFact(**stratum) for stratum in one["strata"])
    changed["checks"] = tuple(_check(check) for check in one["checks"])
    return SampleFact(**one | changed)


def _check(one: dict[str, Any]) -> CheckFact:
    measured = None if one["measured"] is None else _area(one["measured"])
    flags = {key: bool(one[key]) for key in ("replaced", "sent_back")}
    return CheckFact(
        **one | flags | {"area": _area(one["area"]), "on_date": _day(one["on_date"]), "measured": measured}
    )


def _sum(one: dict[str, Any]) -> LabelSum:
    return LabelSum(one["count"], _area(one["area"]))


def _area(text: str) -> Area:
    return Area.parse(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
