"""Plots as the rules see them, with defaults that let every action pass."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.campaigns import CampaignRules
from gengdi_desktop.domain.choices import ProblemKind, Stage
from gengdi_desktop.domain.evidence import evidence_rules
from gengdi_desktop.domain.outcomes import ActionContext, Outcome, Refusals
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts
from gengdi_desktop.domain.states import Bucket, Desk, State
from gengdi_desktop.domain.transitions import apply, request
from gengdi_desktop.domain.values import Value
from gengdi_desktop.system.reference import land_classes
from gengdi_desktop.system.resources import resource

CLERK, LEADER = "王秀英", "李建国"
TODAY = date(2023, 8, 20)
RULES = evidence_rules(tomllib.loads(resource("rules/evidence.toml").read_text(encoding="utf-8")))
EVERYTHING = EvidenceCounts(dict.fromkeys(Stage, 2), dict.fromkeys(Stage, 3))
UNPLANNED = {State.ISSUED, State.CHECKED, State.CANCELLED, State.SPLIT}
SETTLED = {State.CONTESTED, State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED}


def mu(text: str) -> Area:
    """An area in mu."""
    return Area.parse(text)


def context(desk: Desk = Desk.TOWNSHIP, actor: str = LEADER, *members: str, **changes: Any) -> ActionContext:
    """What guards ask; two members unless others are named."""
    asked = ActionContext(
        today=TODAY,
        desk=desk,
        actor=actor,
        members=frozenset(members or (CLERK, LEADER)),
        rules=CampaignRules(),
        evidence=RULES,
        classes=land_classes(),
    )
    return replace(asked, **changes)


def round_facts(state: State, target: Area, **changes: Any) -> RoundFacts:
    """A round as it usually stands in a state: planned, settled, claimed as far as the state says."""
    facts = RoundFacts(crop="晚稻", sown_on=date(2023, 8, 10), demolition_record="已拆除")
    if state not in UNPLANNED:
        facts = replace(facts, target=target, planned_on=date(2023, 7, 29), deadline=date(2023, 8, 15))
        facts = replace(facts, measure="复耕", person="章建平")
    if state in SETTLED:
        facts = replace(facts, buckets=Buckets(restored=target), claimed_by=CLERK, claimed_on=date(2023, 8, 12))
    return replace(facts, **changes)


def plot(state: State, *, area: str = "5.28", settle: dict[str, Any] | None = None, **changes: Any) -> PlotFacts:
    """A plot in a state; ``settle`` changes its round, ``changes`` the plot."""
    facts = PlotFacts(
        id="p1",
        issued_area=mu(area),
        state=state,
        round=round_facts(state, mu(area), **(settle or {})),
        listed_kind=ProblemKind.NON_GRAIN,
        problem_kind=None if state is State.ISSUED else ProblemKind.NON_GRAIN,
        rectify=None if state is State.ISSUED else True,
        evidence=EVERYTHING,
        state_before=State.PLANNED if state is State.CANCELLED else None,
    )
    return replace(facts, **changes)


GIVEN: dict[str, dict[str, Value | None]] = {
    "check": {
        "date": "2023-07-25",
        "finding": "属实",
        "class_now": "0201 果园",
        "cause": "改种果树",
        "party": "农户",
        "rectify": "是",
    },
    "plan": {"disposal_class": "立行立改", "measure": "清理果树后复种", "person": "章建平", "deadline": "2023-08-15"},
    "contest": {"proof_kind": "误判", "bucket": "proved", "statement": "影像误判，实地为水田"},
    "start": {"date": "2023-08-01"},
    "progress": {"date": "2023-08-05", "restored": "1.5"},
    "works_done": {"date": "2023-08-10"},
    "claim": {"date": "2023-08-12"},
    "accept": {"group": "乡验收组", "date": "2023-08-14", "as_claimed": "是"},
    "county_accept": {"document_number": "验〔2023〕1号", "date": "2023-08-16", "as_claimed": "是"},
    "return": {"reason": "田头仍有树根", "deadline": "2023-08-25"},
    "close": {"date": "2023-08-20", "document_number": "销〔2023〕1号", "closer": "王秀英"},
    "spot_check": {"date": "2023-08-19", "checker": "核查一组", "outcome": "合格", "document_number": "抽〔2023〕1号"},
    "revisit": {"date": "2023-09-20", "outcome": "保持"},
    "reopen": {"reason": "复种果树", "date": "2023-10-01", "target": "2.00", "deadline": "2023-10-30"},
    "hold": {"kind": "暂缓", "document_number": "缓〔2023〕1号", "date": "2023-08-01"},
    "release": {},
    "cancel": {"document_number": "核〔2023〕1号"},
    "restore": {"document_number": "核〔2023〕2号"},
    "split": {"parts": "12-1=3.28；12-2=2"},
    "unsplit": {},
    "correct": {"field": "cause", "value": "改种茶树", "reason": "记错了"},
    "attach": {"file": "a.jpg", "stage": "整改后"},
    "note": {"text": "村里已通知"},
}
"""For each action what lets it pass on a usual plot."""


def act(action: str, facts: PlotFacts, asked: ActionContext | None = None, **given: Value | None) -> Outcome | Refusals:
    """Do an action with :data:`GIVEN` and what is given beside it; None takes a key away."""
    return apply(request(action, {**GIVEN[action], **given}), facts, asked or context())


def done(action: str, facts: PlotFacts, asked: ActionContext | None = None, **given: Value | None) -> Outcome:
    """The outcome of an action that must be possible."""
    outcome = act(action, facts, asked, **given)
    assert isinstance(outcome, Outcome), outcome
    return outcome


def codes(action: str, facts: PlotFacts, asked: ActionContext | None = None, **given: Value | None) -> dict[str, str]:
    """The messages of a refused action by code, or by the missing field's key."""
    outcome = act(action, facts, asked, **given)
    assert not isinstance(outcome, Outcome), outcome
    return {refusal.field if refusal.code == "missing" else refusal.code: refusal.message for refusal in outcome}


def random_values(action: str, facts: PlotFacts, day: int, shares: dict[str, int]) -> dict[str, Value | None]:
    """What is given with a random step: usual values, random areas of the target in percent, a random day."""
    given: dict[str, Value | None] = dict(GIVEN[action])
    if "date" in {field.key for field in ACTIONS[action].fields}:
        given["date"] = date(2023, 7, 25) + timedelta(days=day)
    base = facts.round.target if action != "reopen" else facts.issued_area
    if action == "progress":
        given["restored"] = None
        given |= {key: Area(base.micro_mu * share // 100) for key, share in shares.items()}
    if action in {"accept", "county_accept"} and day % 3 == 0:
        for bucket, area in facts.round.buckets:
            given[bucket.value] = Area(area.micro_mu * shares.get(bucket.value, 100) // 100)
    if action in {"plan", "reopen"}:
        given |= {"target": Area(max(1, facts.issued_area.micro_mu * (60 + day) // 100)), "not_required_reason": "田埂"}
    if action == "reopen":
        del given["not_required_reason"]
    if action == "contest":
        given["bucket"] = [bucket.value for bucket in Bucket if bucket.on_paper][day % 4]
    if action == "close":
        given |= {"person_handled": "不涉及", "demolished": "到位", "confiscated": "到位", "referred": "到位"}
    return given
