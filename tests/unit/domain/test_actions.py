"""The action table, told once more and walked exhaustively."""

from __future__ import annotations

import itertools

import pytest

from gengdi_desktop.domain.actions import ACTIONS, FieldKind, possible, records
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.outcomes import Outcome
from gengdi_desktop.domain.plots import PlotFacts
from gengdi_desktop.domain.states import Desk, State
from gengdi_desktop.domain.transitions import MOVES
from tests.helpers.plots import CLERK, GIVEN, act, context, mu, plot

# action: label, from, to, desks. To "=" stays. "*" is any state, "open" any but closed, cancelled and split.
TABLE = {
    "check": ("自查", "issued checked", "checked", "T"),
    "plan": ("定措施", "checked planned working", "planned", "T"),
    "contest": ("举证", "checked planned working", "contested", "T"),
    "start": ("开工", "planned", "working", "T"),
    "progress": ("进展", "planned working works_done", "working", "T"),
    "works_done": ("完工未种", "working", "works_done", "T"),
    "claim": ("申报到位", "working works_done contested", "claimed", "T"),
    "accept": ("镇级验收", "claimed", "accepted", "T"),
    "county_accept": ("县级验收", "accepted", "county_accepted", "C"),
    "return": ("退回、撤回申报", "claimed accepted county_accepted contested", "working", "TMC"),
    "close": ("销号", "county_accepted", "closed", "T"),
    "spot_check": ("抽查", "claimed accepted county_accepted closed", "=", "M"),
    "revisit": ("回头看", "closed", "=", "TMC"),
    "reopen": ("反弹、重开", "closed", "working", "TMC"),
    "hold": ("暂缓、争议", "open", "=", "T"),
    "release": ("恢复办理", "open", "=", "T"),
    "cancel": ("核减", "open", "cancelled", "C"),
    "restore": ("撤销核减", "cancelled", "planned", "C"),
    "split": ("拆分", "issued checked planned contested", "split", "TC"),
    "unsplit": ("撤销拆分", "split", "issued", "TC"),
    "correct": ("更正", "open split", "=", "TC"),
    "attach": ("附件", "*", "=", "TMC"),
    "note": ("备注", "*", "=", "TMC"),
}
OPEN = set(State) - {State.CLOSED, State.CANCELLED, State.SPLIT}
LETTERS = {"T": Desk.TOWNSHIP, "M": Desk.TEAM, "C": Desk.COUNTY}


def sources(action: str) -> set[State]:
    """The states from which the table above lets an action begin."""
    found: set[State] = set()
    for word in TABLE[action][1].split():
        found |= set(State) if word == "*" else OPEN if word == "open" else {State(word)}
    return found


def fit(action: str, state: State) -> PlotFacts:
    """A plot in a state on which an action lacks nothing."""
    settled = {"claim": Buckets(restored=mu("5.28")), "split": Buckets()}
    settle = {"buckets": settled[action]} if action in settled else {}
    return plot(state, settle=settle, held=action == "release")


def test_the_table_has_these_actions_and_no_others() -> None:
    assert list(ACTIONS) == list(TABLE)
    assert {code: rule.label for code, rule in ACTIONS.items()} == {code: row[0] for code, row in TABLE.items()}
    assert {operation.value for operation in MOVES} == set(TABLE)


@pytest.mark.parametrize(("action", "state", "desk"), list(itertools.product(TABLE, State, Desk)))
def test_every_pair_is_in_the_table_or_refused_with_the_reason(action: str, state: State, desk: Desk) -> None:
    outcome = act(action, fit(action, state), context(desk))
    allowed_desks = {LETTERS[letter] for letter in TABLE[action][3]} | {Desk.TOWNSHIP}
    if desk not in allowed_desks:
        assert [r.code for r in outcome] == ["wrong_desk"]  # type: ignore[union-attr]
        return
    if state not in sources(action):
        assert not isinstance(outcome, Outcome)
        assert [refusal.code for refusal in outcome] == ["wrong_state"]
        assert state.label in outcome[0].message or "县级验收合格后" in outcome[0].message
        return
    assert isinstance(outcome, Outcome), outcome
    expected = State(TABLE[action][2]) if TABLE[action][2] != "=" else state
    if action == "plan" and state is State.WORKING:
        expected = State.WORKING
    assert outcome.plot.state is expected
    assert expected in ACTIONS[action].targets or TABLE[action][2] == "="


@pytest.mark.parametrize("action", TABLE)
def test_what_waits_is_left_alone_but_for_a_few(action: str) -> None:
    for state in sources(action):
        outcome = act(action, plot(state, held=True), context())
        if action in {"release", "correct", "attach", "cancel", "restore", "note"}:
            assert isinstance(outcome, Outcome), outcome
        else:
            assert not isinstance(outcome, Outcome)
            assert [refusal.code for refusal in outcome] == ["held"]


@pytest.mark.parametrize("action", [code for code, row in TABLE.items() if "T" not in row[3]])
def test_the_township_records_what_others_do_with_their_document_number(action: str) -> None:
    state = next(iter(sources(action)))
    outcome = act(action, plot(state), context(), document_number=None)
    assert not isinstance(outcome, Outcome)
    assert [(refusal.code, refusal.field) for refusal in outcome] == [("missing", "document_number")]


@pytest.mark.parametrize("action", TABLE)
def test_every_required_field_is_named_when_it_is_missing(action: str) -> None:
    rule = ACTIONS[action]
    state = next(state for state in State if state in sources(action))
    for field in rule.fields:
        if not field.required:
            continue
        outcome = act(action, fit(action, state), context(actor=CLERK), **{field.key: None})
        assert not isinstance(outcome, Outcome)
        named = {refusal.field: refusal.message for refusal in outcome if refusal.code == "missing"}
        assert field.label in named[field.key]


def test_the_fields_say_all_that_a_form_needs() -> None:
    for rule in ACTIONS.values():
        keys = [field.key for field in rule.fields]
        assert len(set(keys)) == len(keys)
        assert set(GIVEN[rule.code.value]) <= set(keys)
        for field in rule.fields:
            assert field.label
            assert bool(field.choices) == (field.kind is FieldKind.CHOICE)
            assert not (field.required and field.needs)
            assert all(code.isascii() and not label.isascii() for code, label in field.choices)


def test_only_the_contact_of_a_party_is_private() -> None:
    private = {(rule.code.value, field.key) for rule in ACTIONS.values() for field in rule.fields if field.private}
    assert private == {("check", "party_contact")}


def test_the_facts_that_cannot_be_asked_for_later_have_their_fields() -> None:
    keys = {field.key for rule in ACTIONS.values() for field in rule.fields}
    assert {
        "disposal_class",
        "difficulty",
        "built_on",
        "person_handled",
        "case_number",
        "demolished",
        "confiscated",
        "referred",
        "plan_text",
        "plan_approver",
        "responsible_leader",
        "grid_chief",
    } <= keys


def test_a_field_is_found_by_its_key() -> None:
    found = ACTIONS["start"].field("date")
    assert found is not None
    assert found.label == "开工日期"
    assert ACTIONS["start"].field("reason") is None


def test_possible_actions_follow_state_desk_and_hold() -> None:
    def names(state: State, desk: Desk, *, held: bool = False) -> list[str]:
        return [rule.code.value for rule in possible(state, desk, held=held)]

    assert names(State.ISSUED, Desk.TOWNSHIP) == ["check", "hold", "cancel", "split", "correct", "attach", "note"]
    assert names(State.ISSUED, Desk.TOWNSHIP, held=True) == ["release", "cancel", "correct", "attach", "note"]
    assert names(State.CLAIMED, Desk.TEAM) == ["return", "spot_check", "attach", "note"]
    assert names(State.SPLIT, Desk.COUNTY) == ["unsplit", "correct", "attach", "note"]


def test_the_township_records_everything_and_others_only_their_own() -> None:
    assert all(records(rule, Desk.TOWNSHIP) for rule in ACTIONS.values())
    assert not records(ACTIONS["check"], Desk.COUNTY)


def test_kinds_of_fields_have_chinese_words() -> None:
    assert [kind.label for kind in FieldKind] == ["日期", "文字", "选项", "面积（亩）", "是或否"]


def test_actions_are_operations_of_the_journal() -> None:
    assert all(Operation(code) is rule.code for code, rule in ACTIONS.items())
