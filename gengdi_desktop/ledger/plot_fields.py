"""The fields of a plot that questions may name: what each is in SQL, and what kind of value it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.states import Bucket, DoneRule, Label, State, label_of
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.figures import BUCKET_SUM, KIND, PARTS, RETURNED, VANISHED, overdue_condition

if TYPE_CHECKING:
    from datetime import date

REMAINING: Final = f"CASE WHEN coalesce(r.target, 0) > 0 THEN r.target - {BUCKET_SUM} ELSE p.issued_area END"
ON_GROUND: Final = "+".join(f"coalesce(r.{bucket},0)" for bucket in Bucket if not bucket.on_paper)
NO_AFTER_PHOTO: Final = (
    f"({ON_GROUND} > 0 AND (p.state IN ('works_done', 'claimed') OR (p.state = 'working' AND {REMAINING} <= 0)) "
    "AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.plot_id = p.id AND a.round = p.round AND a.removed = 0 "
    f"AND a.stage = '{Stage.AFTER.value}'))"
)
"""Works are done on the ground, and nobody has attached a photo of after; what a claim needs is told by its guard."""
BSM: Final = (
    # The sign keeps SQLite from walking the index of all values in search of the smallest.
    "coalesce((SELECT min(i.value) FROM identifier i WHERE i.plot_id = p.id AND +i.kind = 'bsm'), '')"
)
CONFLICT: Final = "EXISTS (SELECT 1 FROM conflict q WHERE q.plot_id = p.id AND q.status = 'open')"
"""Two desks wrote different values, and nobody has decided yet."""
EVIDENCE: Final = "(SELECT e.verdict FROM plot_evidence e WHERE e.plot_id = p.id)"
_EVIDENCE_WORDS: Final = (
    "(SELECT w.{} FROM plot_evidence e JOIN evidence_words w ON w.id = e.words WHERE e.plot_id = p.id)"
)
"""What the evidence rules say, as it was kept last; nothing for plots that were not judged yet."""

FIELDS: Final[Mapping[str, str]] = {
    "id": "p.id",
    "position": "p.position",
    "township": "p.township",
    "village": "p.village",
    "group_name": "p.group_name",
    "plot_no": "p.plot_no",
    "bsm": BSM,
    "outflow_year": "p.outflow_year",
    "kind": KIND,
    "class_before": "p.class_before_name",
    "class_after": "p.class_after_name",
    "state": "p.state",
    "label": "label",
    "round": "p.round",
    "held": "p.held",
    "finding": "p.finding",
    "rectify": "p.rectify",
    "issued_area": "p.issued_area",
    "basic_area": "coalesce(p.basic_area, 0)",
    "target": "coalesce(r.target, 0)",
    "settled": BUCKET_SUM,
    "remaining": f"({REMAINING})",
    "person": "coalesce(r.person, '')",
    "deadline": "r.deadline",
    "disposal_class": "coalesce(r.disposal_class, '')",
    "difficulty": "coalesce(r.difficulty, '')",
    "measure": "coalesce(r.measure, '')",
    "party": "p.party",
    "grid_chief": "p.grid_chief",
    "responsible_leader": "p.responsible_leader",
    "remark": "p.remark",
    "overdue": "overdue",
    "due_soon": "due_soon",
    "returned": RETURNED,
    "no_after_photo": NO_AFTER_PHOTO,
    "vanished": VANISHED,
    "part": "(p.split_parent IS NOT NULL)",
    "conflict": CONFLICT,
    "evidence": EVIDENCE,
    "evidence_brief": _EVIDENCE_WORDS.format("brief"),
    "evidence_told": _EVIDENCE_WORDS.format("sentence"),
    "marks": "marks",
}
"""Fields that conditions and orders may name; ``label``, ``overdue``, ``due_soon`` and ``marks`` hang on the campaign.

``marks`` counts what presses, and may be asked for one of :data:`MARKS`. ``vanished`` holds for plots that the newest
issue of their list leaves out. Figures count a split plot once, under what its parts share; lists show it so, with its
parts as they are, and ``part`` tells them apart. ``conflict`` holds where
two desks disagree and nobody has decided. ``evidence``, in words ``evidence_brief`` and ``evidence_told``, is
kept by a later stage, which brings it up to the ledger before such a question is asked.
"""

AREAS: Final = frozenset({"issued_area", "basic_area", "target", "settled", "remaining"})
MARKS: Final = ("overdue", "due_soon", "returned", "no_after_photo", "held")
INTEGERS: Final = frozenset({*MARKS, "vanished", "part", "conflict", "rectify", "round", "outflow_year", "position"})
KEPT: Final = frozenset({"evidence", "evidence_brief", "evidence_told"})
"""Fields whose answers ``evidence.verdicts`` keeps and brings up to the ledger."""


_UNSPLIT: Final = tuple(state for state in State if state is not State.SPLIT)


def fields_of(rule: DoneRule) -> Mapping[str, str]:
    """The fields in SQL under the campaign's rule; need ``:last_day``, ``:today`` and ``:soon`` as ISO texts."""
    still_open = _listed(state for state in State if state.counts_as(rule) == "open")
    label = f"CASE WHEN p.state = '{State.SPLIT}' THEN {_shared_label(rule)} ELSE {_label('p', 'r', rule)} END"
    until = "coalesce(r.deadline, :last_day)"
    soon = f"(p.held = 0 AND p.state IN ({still_open}) AND {until} >= :today AND {until} <= :soon)"
    derived = {"label": label, "overdue": f"({overdue_condition(rule)})", "due_soon": soon}
    known = {**FIELDS, **derived}
    known["marks"] = "(" + " + ".join(f"coalesce({known.get(mark, mark)}, 0)" for mark in MARKS) + ")"
    return known


def _label(plot: str, of_round: str, rule: DoneRule) -> str:
    """The label of a plot that is not split, as :func:`gengdi_desktop.domain.states.label_of` says it."""
    done = _listed(state for state in State if state.counts_as(rule) == "done")
    settled = BUCKET_SUM.replace("r.", f"{of_round}.")
    return (
        f"(CASE WHEN {plot}.state IN ('cancelled', 'closed') THEN {plot}.state "
        f"WHEN {plot}.state IN ({done}) THEN '{Label.IN_PLACE}' WHEN {plot}.state IN ('claimed', 'accepted') THEN "
        f"'{Label.AWAITING}' WHEN {settled} > 0 THEN '{Label.PARTIAL}' ELSE '{Label.UNRECTIFIED}' END)"
    )


def label_among(rule: DoneRule, labels: Iterable[Label]) -> str:
    """That a plot bears one of these labels, by its state wherever that tells: quicker than asking for the label."""
    chosen = set(labels)
    untouched, begun = (
        {state for state in _UNSPLIT if label_of(state, settled, rule) in chosen} for settled in (Area.ZERO, Area(1))
    )
    ways = {
        "": untouched & begun,
        f" AND {BUCKET_SUM} > 0": begun - untouched,
        f" AND {BUCKET_SUM} <= 0": untouched - begun,
    }
    parts = [f"(+p.state IN ({_listed(states)}){more})" for more, states in ways.items() if states]
    if chosen:
        parts.append(f"(p.state = '{State.SPLIT}' AND {_shared_label(rule)} IN ({_listed(chosen)}))")
    return f"({' OR '.join(parts) or '0'})"


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


def _shared_label(rule: DoneRule) -> str:
    """The label that the parts of a split plot share: :func:`gengdi_desktop.domain.states.label_of_split` in SQL."""
    counting = f"nullif({_label('part', 'part_round', rule)}, '{Label.CANCELLED}')"
    return (
        f"(SELECT CASE WHEN count(*) = 0 THEN '{Label.PARTIAL}' "
        f"WHEN count({counting}) = 0 THEN '{Label.CANCELLED}' "
        f"WHEN count(DISTINCT {counting}) = 1 THEN max({counting}) ELSE '{Label.PARTIAL}' END "
        f"FROM {PARTS} WHERE part.split_parent = p.id)"
    )


def field_in(known: Mapping[str, str], name: str) -> str:
    """A field in SQL.

    Raises:
        RuleError: ``unknown_field``.
    """
    if name not in known:
        raise RuleError(
            "unknown_field", f"没有“{name}”这一项，没有筛选。", "可用的有：" + "、".join(sorted(FIELDS)) + "。"
        )
    return known[name]


def iso(day: date | None) -> str | None:
    """A day as tables hold it."""
    return day.isoformat() if day else None
