"""Acting on plots of a real ledger: one entry, every column as the tables hold it, refusals plot by plot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlmodel import Session

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Role
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger import service as ledgers
from gengdi_desktop.ledger import undo
from gengdi_desktop.ledger.check import check
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.phases import plot_rows, service, store
from gengdi_desktop.storage import stopping
from gengdi_desktop.storage.tables import PlotRow
from tests.helpers.ledgers import CLERK, LEADER, add_plots, new_ledger
from tests.helpers.photos import small_photo
from tests.helpers.plots import GIVEN

JPEG = small_photo()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A township's ledger with two members and three plots."""
    with new_ledger(tmp_path / "台账", CLERK, LEADER) as opened:
        add_plots(opened, ["a", "b", "c"])
        yield opened


def rows(ledger: Ledger, query: str) -> list[dict[str, Any]]:
    """What a query finds, by column."""
    with ledger.reading() as session:
        return [dict(row) for row in session.connection().execute(text(query)).mappings()]


def go(ledger: Ledger, action: str, *plots: str, by: Actor = CLERK, **given: Any) -> service.ActOutcome:
    """Do an action with the usual values; it must be possible on every plot."""
    outcome = service.act(ledger, action, plots or ["a"], {**GIVEN[action], **given}, by=by)
    assert not outcome.refused, outcome.refused
    return outcome


def photograph(ledger: Ledger, folder: Path, *plots: str, stage: str = "after") -> None:
    """Attach a photo of its own to plots."""
    photo = folder / f"{stage}.jpg"
    photo.write_bytes(JPEG + stage.encode())
    go(ledger, "attach", *plots, file=str(photo), stage=stage)


def through(ledger: Ledger, folder: Path, until: str, *plots: str) -> None:
    """Take plots the usual way until an action has been done."""
    done_here = plots or ("a",)
    way = ["check", "plan", "start", "progress", "claim", "accept", "county_accept", "close"]
    for action in way[: way.index(until) + 1]:
        given: dict[str, Any] = {"restored": "5.28"} if action == "progress" else {}
        if action == "claim":
            photograph(ledger, folder, *done_here)
            given = {"crop": "晚稻", "sown_on": "2023-08-10"}
        go(ledger, action, *done_here, by=LEADER if action == "accept" else CLERK, **given)


def test_one_action_on_many_plots_is_one_entry(ledger: Ledger) -> None:
    before = ledger.head().seq
    outcome = go(ledger, "check", "a", "b", "a")
    assert outcome.changed == ("a", "b")
    assert ledger.head().seq == outcome.changes.seq == before + 1
    assert outcome.changes.plots == {"a", "b"}
    entry = rows(ledger, "SELECT * FROM journal_entry ORDER BY seq DESC LIMIT 1")[0]
    assert (entry["action"], entry["event_date"], entry["actor"]) == ("check", "2023-07-25", "王秀英")
    assert check(ledger).ok


def test_the_columns_hold_integers_texts_and_iso_days(ledger: Ledger, tmp_path: Path) -> None:
    through(ledger, tmp_path, "close")
    plot = rows(ledger, "SELECT * FROM plot WHERE id = 'a'")[0]
    expected = {"state": "closed", "finding": "true", "problem_kind": "non_grain", "rectify": 1, "held": 0}
    expected |= {"class_now_system": "third_survey", "class_now": "0201", "class_now_name": "果园", "round": 1}
    assert {key: plot[key] for key in expected} == expected
    current = rows(ledger, "SELECT * FROM round")[0]
    wanted = {"id": "a:1", "number": 1, "target": 5_280_000, "restored": 5_280_000, "other": 0}
    wanted |= {"disposal_class": "immediate", "deadline": "2023-08-15", "planned_on": "2023-08-20"}
    wanted |= {"started_on": "2023-08-01", "claimed_by": "王秀英", "closed_on": "2023-08-20", "contest_bucket": ""}
    assert {key: current[key] for key in wanted} == wanted
    acceptances = rows(ledger, "SELECT level, by_name, restored, cut, single_handed FROM acceptance ORDER BY id")
    assert acceptances == [
        {"level": "township", "by_name": "李建国", "restored": 5_280_000, "cut": 0, "single_handed": 0},
        {"level": "county", "by_name": "王秀英", "restored": 5_280_000, "cut": 0, "single_handed": 0},
    ]
    assert rows(ledger, "SELECT closer, round FROM closing") == [{"closer": "王秀英", "round": 1}]
    assert rows(ledger, "SELECT event_date, restored, source FROM progress") == [
        {"event_date": "2023-08-05", "restored": 5_280_000, "source": "act"}
    ]
    assert check(ledger).ok


def test_plots_that_refuse_are_listed_and_the_others_go_on(ledger: Ledger) -> None:
    go(ledger, "check", "b")
    outcome = service.act(ledger, "plan", ["a", "b", "nobody"], GIVEN["plan"], by=CLERK)
    assert outcome.changed == ("b",)
    assert [(one.plot, one.code) for one in outcome.refused] == [("a", "wrong_state"), ("nobody", "unknown_plot")]
    assert outcome.refused[0].message.startswith("还不能定措施：现在是“已下发”")


def test_atomic_means_all_or_nothing(ledger: Ledger) -> None:
    go(ledger, "check", "b")
    before = ledger.head()
    outcome = service.act(ledger, "plan", ["a", "b"], GIVEN["plan"], by=CLERK, atomic=True)
    assert (outcome.changed, outcome.changes.nothing) == ((), True)
    assert ledger.head() == before
    refused = service.act(ledger, "attach", ["a", "nobody"], GIVEN["attach"], by=CLERK, atomic=True)
    assert (refused.changed, len(refused.refused)) == ((), 1)


def test_what_nobody_can_do_leaves_no_entry(ledger: Ledger) -> None:
    before = ledger.head()
    outcome = service.act(ledger, "claim", ["a"], {}, by=CLERK)
    assert outcome.changes.nothing
    assert ledger.head() == before


def test_date_reason_and_document_may_stand_apart_from_the_values(ledger: Ledger) -> None:
    outcome = service.act(
        ledger, "cancel", ["a"], {}, by=CLERK, event_date=date(2023, 8, 9), reason="重点项目", document="核1号"
    )
    assert outcome.changed == ("a",)
    assert rows(ledger, "SELECT on_date, document_number, reason, state_before FROM cancellation") == [
        {"on_date": "2023-08-09", "document_number": "核1号", "reason": "重点项目", "state_before": "issued"}
    ]
    go(ledger, "check", "b")
    given = {key: value for key, value in GIVEN["check"].items() if key != "date"}
    service.act(ledger, "check", ["b"], given, by=CLERK, event_date=date(2023, 7, 28), reason="重新看过")
    entry = rows(ledger, "SELECT reason, event_date FROM journal_entry ORDER BY seq DESC LIMIT 1")[0]
    assert entry == {"reason": "重新看过", "event_date": "2023-07-28"}
    unknown = service.act(ledger, "check", ["b"], given, by=CLERK, event_date=date(2023, 7, 28), document="1")
    assert unknown.refused[0].code == "unknown_field"


def test_a_private_contact_is_kept_as_a_commitment(ledger: Ledger) -> None:
    go(ledger, "check", party_contact="13812345678")
    contact = rows(ledger, "SELECT party_contact FROM plot WHERE id = 'a'")[0]["party_contact"]
    opening = rows(ledger, "SELECT * FROM private_value")[0]
    assert contact == opening["commitment"]
    assert (opening["field"], opening["value"]) == ("plot.party_contact", "13812345678")
    assert "13812345678" not in str(rows(ledger, "SELECT * FROM plot"))


def test_a_contest_and_its_return_are_in_the_round(ledger: Ledger) -> None:
    go(ledger, "check")
    go(ledger, "contest", bucket="补办")
    found = rows(ledger, "SELECT target, regularised, contest_bucket, contest_area, proof_kind FROM round")[0]
    assert found == {
        "target": 5_280_000,
        "regularised": 5_280_000,
        "contest_bucket": "regularised",
        "contest_area": 5_280_000,
        "proof_kind": "misjudged",
    }
    go(ledger, "return", deadline=None)
    assert rows(ledger, "SELECT state FROM plot WHERE id = 'a'") == [{"state": "checked"}]
    assert rows(ledger, "SELECT target, regularised, contest_bucket, proof_kind FROM round") == [
        {"target": 0, "regularised": 0, "contest_bucket": "", "proof_kind": ""}
    ]
    assert rows(ledger, "SELECT withdrawn, state_before, new_deadline FROM plot_return") == [
        {"withdrawn": 1, "state_before": "contested", "new_deadline": None}
    ]


def test_reopening_adds_a_round_and_keeps_the_first(ledger: Ledger, tmp_path: Path) -> None:
    through(ledger, tmp_path, "close")
    go(ledger, "revisit", outcome="反弹")
    go(ledger, "reopen")
    assert rows(ledger, "SELECT id, target, restored, closed_on FROM round ORDER BY number") == [
        {"id": "a:1", "target": 5_280_000, "restored": 5_280_000, "closed_on": "2023-08-20"},
        {"id": "a:2", "target": 2_000_000, "restored": 0, "closed_on": None},
    ]
    assert rows(ledger, "SELECT round, state FROM plot WHERE id = 'a'") == [{"round": 2, "state": "working"}]
    go(ledger, "progress", restored="2")
    # The photo of the first round proves nothing in the second.
    refused = service.act(ledger, "claim", ["a"], {"crop": "大豆", "sown_on": "2023-10-20"}, by=CLERK)
    assert [reason.message for reason in refused.refused[0].reasons] == ["缺整改后照片"]
    photograph(ledger, tmp_path, "a", stage="整改后")
    go(ledger, "claim", crop="大豆", sown_on="2023-10-20")
    assert rows(ledger, "SELECT round FROM progress ORDER BY id") == [{"round": 1}, {"round": 2}]


def test_hold_and_cancellation_end_in_their_own_rows(ledger: Ledger) -> None:
    for _ in range(2):
        go(ledger, "hold")
        go(ledger, "release", date="2023-08-09")
    go(ledger, "hold", kind="争议", parties="甲、乙")
    assert rows(ledger, "SELECT kind, released_on FROM hold ORDER BY id") == [
        {"kind": "deferred", "released_on": "2023-08-09"},
        {"kind": "deferred", "released_on": "2023-08-09"},
        {"kind": "disputed", "released_on": None},
    ]
    go(ledger, "cancel")
    go(ledger, "restore", date="2023-08-19")
    assert rows(ledger, "SELECT restored_on, restore_document FROM cancellation") == [
        {"restored_on": "2023-08-19", "restore_document": "核〔2023〕2号"}
    ]
    assert rows(ledger, "SELECT state, held FROM plot WHERE id = 'a'") == [{"state": "issued", "held": 1}]


def test_records_of_checks_corrections_and_notes(ledger: Ledger, tmp_path: Path) -> None:
    through(ledger, tmp_path, "claim")
    go(ledger, "spot_check", outcome="不合格", measured_area="4.9")
    go(ledger, "note")
    go(ledger, "correct", field="village", value="岚湖村", document_number="更1号")
    go(ledger, "correct", field="group_name", value="三组")
    go(ledger, "correct", field="outflow_area", value="5亩")
    assert rows(ledger, "SELECT outcome, measured_area, checker FROM spot_check") == [
        {"outcome": "failed", "measured_area": 4_900_000, "checker": "核查一组"}
    ]
    assert rows(ledger, "SELECT body FROM note") == [{"body": "村里已通知"}]
    assert rows(ledger, "SELECT field, old_value, new_value FROM correction ORDER BY id") == [
        {"field": "village", "old_value": "白圩村", "new_value": "岚湖村"},
        {"field": "group_name", "old_value": "", "new_value": "三组"},
        {"field": "outflow_area", "old_value": "", "new_value": "5.00"},
    ]
    # The issued village stays as issued; what the list left empty is filled in.
    assert rows(ledger, "SELECT village, group_name, outflow_area FROM plot WHERE id = 'a'") == [
        {"village": "白圩村", "group_name": "三组", "outflow_area": 5_000_000}
    ]


def test_four_eyes_and_the_single_hand(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "一人", CLERK) as alone:
        add_plots(alone, ["a"])
        through_alone = ["check", "plan", "start", "progress"]
        for action in through_alone:
            given: dict[str, Any] = {"restored": "5.28"} if action == "progress" else {}
            go(alone, action, **given)
        photograph(alone, tmp_path, "a")
        go(alone, "claim", crop="晚稻", sown_on="2023-08-10")
        refused = service.act(alone, "accept", ["a"], GIVEN["accept"], by=CLERK)
        assert "一人经办" in refused.refused[0].message
        go(alone, "accept", reason="只有一名经办人")
        assert rows(alone, "SELECT single_handed, reason FROM acceptance") == [
            {"single_handed": 1, "reason": "只有一名经办人"}
        ]
        ledgers.add_member(alone, LEADER.name, Role.LEADER, by=CLERK)
        go(alone, "return", deadline="2023-08-30")
        go(alone, "claim")
        refused = service.act(alone, "accept", ["a"], {**GIVEN["accept"], "reason": "x"}, by=CLERK)
        assert refused.refused[0].code == "four_eyes"
        ledgers.retire_member(alone, LEADER.name, by=CLERK)
        ledgers.add_member(alone, "只看的", Role.VIEWER, by=CLERK)
        go(alone, "accept", reason="又只有一人")


def test_who_may_only_look_does_nothing(ledger: Ledger) -> None:
    ledgers.add_member(ledger, "只看的", Role.VIEWER, by=CLERK)
    with pytest.raises(RuleError) as refused:
        service.act(ledger, "check", ["a"], GIVEN["check"], by=Actor("只看的"))
    assert refused.value.code == "viewer"


def test_another_desk_does_only_its_own(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "县", desk=Desk.COUNTY) as county:
        add_plots(county, ["a"])
        refused = service.act(county, "check", ["a"], GIVEN["check"], by=CLERK)
        assert refused.refused[0].code == "wrong_desk"
        go(county, "cancel")


def test_every_action_can_be_turned_back(ledger: Ledger, tmp_path: Path) -> None:
    def tables() -> dict[str, list[dict[str, Any]]]:
        names = ("plot", "round", "progress", "acceptance", "plot_return", "hold", "cancellation", "attachment")
        return {name: rows(ledger, f"SELECT * FROM {name} ORDER BY id") for name in names}

    seen = [tables()]
    taken: list[int | None] = []
    before_claim = ["check", "plan", "start", "hold", "release", "cancel", "restore"]
    for action in before_claim:
        taken.append(go(ledger, action).changes.seq)
        seen.append(tables())
    for action, by, given in (
        ("progress", CLERK, {"restored": "5.28", "crop": "晚稻", "sown_on": "2023-08-04"}),
        ("attach", CLERK, {"file": str(tmp_path / "x.jpg"), "stage": "after"}),
        ("claim", CLERK, {}),
        ("accept", LEADER, {"restored": "5", "as_claimed": None}),
    ):
        (tmp_path / "x.jpg").write_bytes(JPEG)
        taken.append(go(ledger, action, by=by, **given).changes.seq)
        seen.append(tables())
    for seq, before in zip(reversed(taken), reversed(seen[:-1]), strict=True):
        undo.undo(ledger, seq, by=CLERK)
        assert tables() == before
    assert check(ledger).ok


def test_an_unknown_action_names_the_known_ones(ledger: Ledger) -> None:
    for call in (
        lambda: service.act(ledger, "explode", ["a"], {}, by=CLERK),
        lambda: service.action_fields("explode"),
        lambda: service.missing_for(ledger, "a", "explode", by=CLERK),
    ):
        with pytest.raises(RuleError, match="explode") as refused:
            call()
        assert "“自查”" in refused.value.hint


def test_forms_ask_for_fields_missing_facts_and_what_is_known(ledger: Ledger) -> None:
    assert service.action_fields("start") == ACTIONS["start"].fields
    assert [rule.code.value for rule in service.possible_actions(ledger, "a")][:2] == ["check", "hold"]
    missing = service.missing_for(ledger, "a", "check", {"date": "2023-07-25"}, by=CLERK)
    assert [reason.field for reason in missing] == ["finding", "class_now", "cause", "party", "rectify"]
    assert service.missing_for(ledger, "a", "check", GIVEN["check"], by=CLERK) == ()
    assert service.prefilled(ledger, "a", "check") == {"problem_kind": "non_grain"}
    go(ledger, "check", grid_chief="章建平", built_on="2019-05-01")
    known = service.prefilled(ledger, "a", "check")
    assert known["class_now"] == "0201"
    assert known["rectify"] == "yes"
    assert (known["built_on"], known["grid_chief"]) == ("2019-05-01", "章建平")
    assert service.prefilled(ledger, "a", "plan") == {"target": "5.28", "grid_chief": "章建平"}
    go(ledger, "plan", target="5", not_required_reason="田埂")
    go(ledger, "progress", restored="1.5")
    filled = service.prefilled(ledger, "a", "progress")
    assert filled == {"restored": "1.50"}
    with pytest.raises(RuleError, match="没有图斑"):
        service.prefilled(ledger, "nobody", "plan")


def test_a_file_that_is_there_already_is_told(ledger: Ledger, tmp_path: Path) -> None:
    photograph(ledger, tmp_path, "a", "b")
    assert len(rows(ledger, "SELECT * FROM stored_file")) == 1
    again = service.act(ledger, "attach", ["a"], {"file": str(tmp_path / "after.jpg"), "stage": "after"}, by=CLERK)
    assert [one.code for one in again.refused] == ["already_attached"]
    assert again.changes.nothing


def test_areas_of_facts_are_exact(ledger: Ledger) -> None:
    go(ledger, "check")
    go(ledger, "plan", target=Area(5_279_999), not_required_reason="尾数")
    assert rows(ledger, "SELECT target FROM round") == [{"target": 5_279_999}]


def test_no_column_holds_what_is_no_value() -> None:
    assert [plot_rows.plain(value) for value in (Area(7), date(2023, 8, 1), True, 5, None, "x")] == [
        7,
        "2023-08-01",
        1,
        5,
        None,
        "x",
    ]
    with pytest.raises(TypeError):
        plot_rows.plain(1.5)


def test_plots_are_loaded_and_written_many_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_ledger(tmp_path / "多") as many:
        ids = add_plots(many, [f"p{number:04d}" for number in range(600)])
        statements: list[str] = []
        asked = stopping.rows

        def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        def counting(session: Session, statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
            statements.append(statement)
            return asked(session, statement, given)

        monkeypatch.setattr(store, "rows", counting)
        event.listen(Engine, "before_cursor_execute", count)
        try:
            outcome = service.act(many, "check", ids, GIVEN["check"], by=CLERK)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        assert len(outcome.changed) == 600
        assert 4 <= len([one for one in statements if "json_each" in one]) <= 6
        assert len(statements) < 30


def test_what_an_action_does_not_touch_stays_as_it_is_stored(ledger: Ledger) -> None:
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        row = work.session.get_one(PlotRow, "a")
        row.problem_kind, row.demolished = "清单自己的说法", "见附页"
        work.commit()
    go(ledger, "note", text="看过")
    go(ledger, "check")
    assert rows(ledger, "SELECT problem_kind, demolished FROM plot WHERE id = 'a'") == [
        {"problem_kind": "non_grain", "demolished": "见附页"}
    ]


def test_what_was_typed_is_kept_in_the_form_that_the_journal_knows(ledger: Ledger) -> None:
    go(ledger, "check", cause="cafe\u0301")
    go(ledger, "plan", measure="cafe\u0301")
    assert rows(ledger, "SELECT cause FROM plot WHERE id = 'a'") == [{"cause": "caf\u00e9"}]
    assert rows(ledger, "SELECT measure FROM round") == [{"measure": "caf\u00e9"}]
    assert check(ledger).ok
