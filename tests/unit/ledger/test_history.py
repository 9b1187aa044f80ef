"""The journal in sentences: who did what, from which value to which; chains, undo, imports, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.campaigns import Campaign, Phase
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor, Auth, Role
from gengdi_desktop.ledger import service
from gengdi_desktop.ledger.campaign_file import CampaignSettings, PaperSetting, Signer
from gengdi_desktop.ledger.entry_words import label_of
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import Told, history
from gengdi_desktop.ledger.undo import undo
from gengdi_desktop.ledger.words import FIELD_WORDS, plot_name, plot_names, shown
from gengdi_desktop.storage.layout import CODES, layout
from gengdi_desktop.storage.tables import (
    AcceptanceRow,
    CorrectionRow,
    HoldRow,
    NoteRow,
    PlotRow,
    ProgressRow,
    RoundRow,
    Row,
    SpotCheckRow,
)
from gengdi_desktop.storage.unit_of_work import Work
from tests.helpers.databases import behind_the_back
from tests.helpers.ledgers import CLERK, LEADER, add_plots


def act(ledger: Ledger, operation: Operation, *steps: Callable[[Work], object], **stamp: Any) -> int:
    """One entry of these steps; its number."""
    with ledger.begin(operation, stamp.pop("by", CLERK), **stamp) as work:
        for step in steps:
            step(work)
        seq = work.commit().seq
    assert seq is not None
    return seq


def put(*rows: Row) -> Callable[[Work], None]:
    """A step that adds rows."""
    return lambda work: work.session.add_all(rows)


def set_to(plot: str, **values: Any) -> Callable[[Work], None]:
    """A step that sets fields of a plot."""

    def step(work: Work) -> None:
        row = work.session.get_one(PlotRow, plot)
        for name, value in values.items():
            setattr(row, name, value)

    return step


def of(ledger: Ledger, plot: str = "a") -> Told:
    """The newest entry of a plot."""
    return history(ledger, plot)[0]


# -------------------------------------------------------------------------------------------------------- of one plot


def test_changed_fields_are_told_with_both_values(township: Ledger) -> None:
    act(township, Operation.EDIT, set_to("a", remark="路边", issued_area=5_285_000))
    told = of(township)
    assert told.sentence == "修改：下发面积由 5.28 亩改为 5.29 亩；备注：路边"
    assert [(one.name, one.old, one.new) for one in told.fields] == [
        ("issued_area", "5.28 亩", "5.29 亩"),
        ("remark", "（空）", "路边"),
    ]
    act(township, Operation.EDIT, set_to("a", remark=""))
    assert of(township).sentence == "修改：备注“路边”删去了"


def test_a_new_round_and_a_new_state_are_told(township: Ledger) -> None:
    plan = RoundRow(
        id="a:1", plot_id="a", measure="清理果树后复种", person="章建平", deadline="2023-08-15", target=5_280_000
    )
    act(township, Operation.PLAN, put(plan), set_to("a", state="planned"))
    assert of(township).sentence == (
        "定措施：应整改面积：5.28 亩；整改措施：清理果树后复种；责任人：章建平；时限：2023年8月15日；"
        "状态由“已下发”变为“已定措施”"
    )


def test_records_are_told_by_what_they_say(township: Ledger) -> None:
    statement = ProgressRow(plot_id="a", event_date="2023-08-05", restored=1_500_000, proved=500_000)
    act(township, Operation.PROGRESS, put(statement))
    assert of(township).sentence == "进展：截至2023年8月5日累计现场整改 1.50 亩、举证无问题 0.50 亩"
    act(township, Operation.PROGRESS, put(ProgressRow(plot_id="a", event_date="2023-08-06")))
    assert of(township).sentence == "进展：截至2023年8月6日累计 0.00 亩"
    accepted = AcceptanceRow(plot_id="a", on_date="2023-08-14", group_name="乡验收组", restored=1_000_000)
    act(township, Operation.ACCEPT, put(accepted), by=LEADER)
    assert of(township).sentence == "镇级验收：2023年8月14日由乡验收组认定现场整改 1.00 亩"
    act(township, Operation.NOTE, put(NoteRow(plot_id="a", body="村里已通知")))
    assert of(township).sentence == "备注：村里已通知"
    act(township, Operation.SPOT_CHECK, put(SpotCheckRow(plot_id="a", outcome="passed", checker="一组")))
    assert of(township).sentence == "抽查：由一组检查，结果合格"


def test_an_acceptance_tells_its_date_once(township: Ledger) -> None:
    act(township, Operation.PLAN, put(RoundRow(id="a:1", plot_id="a", target=5_280_000)))
    accepted = AcceptanceRow(plot_id="a", on_date="2023-08-14", group_name="乡验收组", restored=5_280_000)

    def pass_it(work: Work) -> None:
        work.session.get_one(RoundRow, "a:1").accepted_on = "2023-08-14"

    act(township, Operation.ACCEPT, put(accepted), pass_it, by=LEADER)
    assert of(township).sentence == "镇级验收：2023年8月14日由乡验收组认定现场整改 5.28 亩"


def test_a_changed_record_is_told_to_its_plot_only(township: Ledger) -> None:
    act(township, Operation.HOLD, put(HoldRow(plot_id="a", kind="deferred"), HoldRow(plot_id="b", kind="deferred")))

    def release(work: Work) -> None:
        for key in (1, 2):
            work.session.get_one(HoldRow, key).released_on = f"2023-08-0{key}"

    act(township, Operation.RELEASE, release)
    assert of(township, "a").sentence == "恢复办理：恢复日期：2023年8月1日"
    assert of(township, "b").sentence == "恢复办理：恢复日期：2023年8月2日"


def test_a_correction_is_told_with_the_fields_own_word(township: Ledger) -> None:
    rows = [
        CorrectionRow(plot_id="a", field="cause", old_value="改种果树", new_value="改种茶树"),
        CorrectionRow(plot_id="a", field="person", old_value="", new_value="章建平"),
        CorrectionRow(plot_id="a", field="unknown_field", old_value="1", new_value="2"),
    ]
    act(township, Operation.CORRECT, put(*rows))
    assert of(township).sentence == (
        "更正：成因由“改种果树”更正为“改种茶树”；责任人更正为“章建平”，原来没有填；unknown_field由“1”更正为“2”"
    )


def test_what_other_plots_did_in_the_same_entry_is_not_told(township: Ledger) -> None:
    correction = CorrectionRow(plot_id="b", field="cause", old_value="", new_value="x")
    others = put(NoteRow(plot_id="b", body="别的"), RoundRow(id="b:1", plot_id="b", measure="别的"), correction)
    act(township, Operation.EDIT, set_to("a", remark="一"), set_to("b", remark="二"), others)
    assert of(township, "a").sentence == "修改：备注：一"


def test_a_private_value_is_never_told(township: Ledger) -> None:
    def contact(work: Work) -> None:
        work.session.get_one(PlotRow, "a").party_contact = work.private("plot.party_contact", "13800000000")

    act(township, Operation.EDIT, contact)
    told = of(township)
    assert told.sentence == "修改：主体联系方式：（已填，不显示）"
    assert "138" not in str(told)


def test_the_import_that_brought_a_plot_is_told_by_its_word(township: Ledger) -> None:
    [told] = history(township, "a")
    assert (told.sentence, told.seq, told.plots, told.fields) == ("导入清单", 3, 3, ())


def test_many_parts_are_cut_and_counted(township: Ledger) -> None:
    many = {name: "x" for (table, name) in FIELD_WORDS if table == "plot" and name not in layout("plot").integers}
    changed = {name: value for name, value in many.items() if name not in {"state", "party_contact"}}
    act(township, Operation.EDIT, set_to("a", **changed))
    # Code and name of a land class are one thing: three pairs.
    assert of(township).sentence.endswith(f"等 {len(changed) - 3} 项")
    assert of(township).sentence.count("；") == 11


# ------------------------------------------------------------------------------------------------------ of the ledger


def test_entries_of_the_ledger_name_the_plot_or_count_them(township: Ledger) -> None:
    act(township, Operation.CHECK, set_to("a", remark="一"))
    act(township, Operation.CHECK, set_to("a", remark="二"), set_to("b", remark="二"))
    told = history(township)
    assert [one.sentence for one in told] == [
        "自查了 2 个图斑",
        "白圩村 0001　自查：备注：一",
        "导入清单，带来 3 个图斑",
        "成员变动：增加李建国（分管领导）",
        "建立台账",
    ]
    assert [one.plots for one in told] == [2, 1, 3, 0, 0]


def test_members_are_told_by_name_and_by_what_was_done_to_them(township: Ledger) -> None:
    service.add_member(township, "王玥", Role.CHECKER, by=CLERK)
    service.retire_member(township, "王玥", by=CLERK)
    service.add_member(township, "王玥", Role.CLERK, by=CLERK)
    undo(township, by=CLERK)
    assert [one.sentence for one in history(township, limit=4)] == [
        "撤销第 6 条“成员变动”：停用王玥；王玥的角色由“经办人”改为“核查人员”",
        "成员变动：恢复王玥；王玥的角色由“核查人员”改为“经办人”",
        "成员变动：停用王玥",
        "成员变动：增加王玥（核查人员）",
    ]


def test_a_campaign_tells_what_changed(township: Ledger) -> None:
    phase = Phase("rectification", "整改阶段", date(2023, 7, 29), date(2023, 8, 20))
    first = Campaign("专项整改", hard_deadline=date(2023, 8, 25), phases=(phase,))
    paper = PaperSetting("rectification_letter", recipient="县专班", signers=(Signer("经办人", "吴小琴"),))
    service.set_campaign(township, CampaignSettings(first, (paper,)), by=CLERK)
    told = history(township, limit=1)[0].sentence
    for part in (
        "名称：专项整改",
        "硬期限：2023年8月25日",
        "增加“整改阶段”（2023年7月29日至2023年8月20日）",
        "签名人经办人吴小琴",
    ):
        assert part in told
    later = replace(phase, window_end=date(2023, 8, 22), hard_deadline=date(2023, 8, 31))
    moved = replace(first, hard_deadline=date(2023, 8, 31), phases=(later,))
    papers = (replace(paper, recipient="县政府", signers=(Signer("经办人", "章建平"),)),)
    service.set_campaign(township, CampaignSettings(moved, papers), by=CLERK)
    assert history(township, limit=1)[0].sentence == (
        "设置专项行动：硬期限由“2023年8月25日”改为“2023年8月31日”；"
        "“整改阶段”的结束由“2023年8月20日”改为“2023年8月22日”；“整改阶段”的硬期限：2023年8月31日；"
        "报告的主送由“县专班”改为“县政府”；签名人由“吴小琴”改为“章建平”"
    )
    service.set_campaign(township, CampaignSettings(replace(moved, phases=()), papers), by=CLERK)
    assert history(township, limit=1)[0].sentence == "设置专项行动：去掉“整改阶段”"


def test_undo_and_redo_name_what_they_turn_back(township: Ledger) -> None:
    seq = act(township, Operation.CHECK, set_to("a", remark="一"))
    undo(township, by=LEADER)
    undo(township, seq + 1, by=CLERK)
    redone, undone, checked = history(township)[:3]
    assert redone.sentence == f"白圩村 0001　重做第 {seq} 条：备注：一"
    assert undone.sentence == f"白圩村 0001　撤销第 {seq} 条“自查”：备注“一”删去了"
    assert (redone.undoes, undone.undone_by, checked.undone_by) == (seq + 1, seq + 2, None)
    assert of(township, "a").sentence == f"重做第 {seq} 条：备注：一"


def test_an_import_taken_back_leaves_a_history_without_plots(township: Ledger) -> None:
    undo(township, 3, by=CLERK)
    assert history(township)[0].sentence == "撤销第 3 条“导入清单”，涉及 3 个图斑"
    assert [one.sentence for one in history(township, "a")] == ["撤销第 3 条“导入清单”"]


def test_a_single_plot_taken_back_cannot_be_named_any_more(township: Ledger) -> None:
    add_plots(township, ["d"])
    undo(township, by=CLERK)
    assert history(township)[0].sentence == "撤销第 4 条“导入清单”"


def test_a_chain_of_edits_is_told_once(township: Ledger) -> None:
    first = act(township, Operation.EDIT, set_to("a", remark="一"))
    second = act(township, Operation.EDIT, set_to("a", remark="一二"), continues=first)
    third = act(township, Operation.EDIT, set_to("a", remark="一二三", cause="改种果树"), continues=second)
    [told, imported] = history(township, "a")
    assert (told.seq, told.sentence) == (third, "修改：备注：一二三；成因：改种果树")
    assert imported.seq == 3
    assert [one.seq for one in history(township)] == [third, 3, 2, 1]
    assert [one.seq for one in history(township, limit=1)] == [third]
    assert [one.seq for one in history(township, before=third)] == [3, 2, 1]


def test_a_chain_that_came_back_to_where_it_began_tells_nothing(township: Ledger) -> None:
    first = act(township, Operation.EDIT, set_to("a", remark="一"))
    act(township, Operation.EDIT, set_to("a", remark=""), continues=first)
    assert of(township).sentence == "修改"


def test_history_comes_in_pages(township: Ledger) -> None:
    for number in range(5):
        act(township, Operation.EDIT, set_to("a", remark=str(number)))
    assert [one.seq for one in history(township, limit=3)] == [8, 7, 6]
    assert [one.seq for one in history(township, limit=3, before=6)] == [5, 4, 3]
    assert [one.seq for one in history(township, "a", limit=2, before=8)] == [7, 6]
    assert history(township, before=1) == ()


def test_who_when_and_why_are_told(township: Ledger) -> None:
    by = Actor("李建国", Auth.PIN)
    act(township, Operation.CHECK, set_to("a", remark="一"), by=by, reason="补记", event_date=date(2023, 7, 25))
    told = history(township)[0]
    assert (told.actor, told.auth, told.reason, told.event_date) == ("李建国", "pin", "补记", "2023-07-25")
    assert (told.at, told.action, told.label) == ("2023-08-20T02:00:00.000000Z", "check", "自查")


def test_entries_of_a_later_version_are_told_by_their_code(township: Ledger) -> None:
    with behind_the_back(township.folder.database) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute("UPDATE journal_entry SET action = 'from_the_future', auth = 'iris' WHERE seq = 3")
    told = history(township)[0]
    assert (told.label, told.sentence, told.auth) == ("from_the_future", "from_the_future，涉及 3 个图斑", "iris")
    assert label_of("check") == "自查"


# ------------------------------------------------------------------------------------------------------------- words


def test_words_are_only_for_fields_that_there_are() -> None:
    for table, name in FIELD_WORDS:
        assert name in layout(table).names or table not in {"plot", "round", "member"}, (table, name)
        assert table in CODES


@pytest.mark.parametrize(
    ("table", "name", "value", "expected"),
    [
        ("plot", "remark", None, "（空）"),
        ("plot", "remark", "", "（空）"),
        ("plot", "issued_area", 0, "0.00 亩"),
        ("plot", "issued_area", 4_999_995, "5.00 亩"),
        ("plot", "rectify", 0, "否"),
        ("plot", "rectify", 1, "是"),
        ("plot", "state", "county_accepted", "县级验收合格"),
        ("plot", "checked_on", "2023-08-05", "2023年8月5日"),
        ("plot", "checked_on", "八月五日", "八月五日"),
        ("round", "contest_bucket", "proved", "举证无问题"),
        ("plot", "problem_kind", "no such kind", "no such kind"),
        ("plot", "outflow_year", 2022, "2022"),
    ],
)
def test_values_as_people_read_them(table: str, name: str, value: Any, expected: str) -> None:
    assert shown(table, name, value) == expected
    assert shown(table, name, value, private=True) == ("（空）" if value in {None, ""} else "（已填，不显示）")


def test_plots_are_named_as_people_call_them(township: Ledger) -> None:
    assert plot_name("", "") == "（无编号图斑）"
    assert plot_name("白圩村", "") == "白圩村"
    with township.reading() as session:
        assert plot_names(session, ["a", "c", "gone"]) == {"a": "白圩村 0001", "c": "白圩村 0003"}
