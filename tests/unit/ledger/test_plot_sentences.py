"""Every kind of step on a plot as one sentence: in order, nothing twice, no stop in the middle, no 改为“（空）”."""

from __future__ import annotations

from typing import Any

import pytest

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger.entry_words import counted, lead
from gengdi_desktop.ledger.plot_sentences import Deeds, field_changes, parts


def deeds(*steps: tuple[str, str, dict[str, Any]]) -> Deeds:
    """Changes of one plot: ``("~", table, {field: (old, new)})`` or ``("+", table, {field: new})``."""
    made = Deeds()
    for op, table, given in steps:
        if op == "+" and table != "round":
            made.added.append((table, {name: [None, value] for name, value in given.items()}))
        elif op == "+":
            made.note(field_changes(table, {name: [None, value] for name, value in given.items()}))
        else:
            diff = {name: list(value) for name, value in given.items()}
            made.note(field_changes(table, diff))
            if table not in {"plot", "round"}:
                made.changed.append((table, "x.jpg", diff))
    return made


def sentence(action: str, *steps: tuple[str, str, dict[str, Any]]) -> str:
    """The sentence of an entry on one plot."""
    done = deeds(*steps)
    return f"{lead(action, done)}：{'；'.join(parts(done, action))}"


def moved(old: str, new: str) -> tuple[str, str, dict[str, Any]]:
    """A change of state."""
    return ("~", "plot", {"state": (old, new)})


def test_a_check_begins_with_its_day_and_names_a_class_once() -> None:
    checked = {
        "checked_on": (None, "2023-07-25"), "finding": ("", "confirmed"), "class_now": ("", "0201K"),
        "class_now_name": ("", "可调整果园"), "cause": ("", "改种果树。"), "rectify": (None, 1),
        "party_contact": ("", "commitment:00"),
    }  # fmt: skip
    told = sentence("check", ("~", "plot", checked), moved("issued", "checked"))
    assert told.startswith("自查：2023年7月25日；自查结论：")
    assert "；现状地类：可调整果园（0201K）；成因：改种果树；" in told
    assert "主体联系方式：（已填，不显示）；需要整改；状态由“已下发”变为“已自查”" in told
    again = sentence("check", ("~", "plot", {"rectify": (1, 0), "checked_on": ("2023-07-25", "2023-07-26")}))
    assert again == "自查：自查日期由2023年7月25日改为2023年7月26日；由“需要整改”改为“不需要整改”"


def test_progress_is_told_once_with_what_there_was() -> None:
    first = sentence(
        "progress",
        ("~", "round", {"restored": (0, 1_140_000), "crop": ("", "晚稻"), "sown_on": (None, "2023-08-03")}),
        ("+", "progress", {"event_date": "2023-08-03", "restored": 1_140_000, "crop": "晚稻", "sown_on": "2023-08-03"}),
    )
    assert first == "进展：截至2023年8月3日累计现场整改 1.14 亩；种植作物：晚稻；播种日期：2023年8月3日"
    more = sentence(
        "progress",
        ("~", "round", {"restored": (1_140_000, 2_000_000), "proved": (500_000, 0)}),
        (
            "+",
            "progress",
            {"event_date": "2023-08-05", "restored": 2_000_000, "proved": 0, "note": "分块推进；\n还差一角"},
        ),
    )
    assert more == (
        "进展：截至2023年8月5日累计现场整改 2.00 亩（原来 1.14 亩）；说明：“分块推进； 还差一角”；"
        "举证无问题由 0.50 亩改为 0.00 亩"
    )


def test_a_return_tells_the_new_deadline_once_and_not_what_it_takes_back() -> None:
    back = {"on_date": "2023-08-20", "reason": "只翻耕未播种。", "new_deadline": "2023-08-25", "withdrawn": 0}
    fields = {
        "deadline": ("2023-08-20", "2023-08-25"), "claimed_on": ("2023-08-04", None), "claimed_by": ("吴小琴", ""),
        "accepted_on": ("2023-08-06", None), "returned_on": (None, "2023-08-20"),
    }  # fmt: skip
    told = sentence("return", ("+", "plot_return", back), ("~", "round", fields), moved("accepted", "working"))
    assert told == (
        "退回：2023年8月20日；原因：只翻耕未播种；时限由2023年8月20日改为2023年8月25日；"
        "状态由“镇级验收合格”变为“整改中”"
    )
    withdrawn = {"on_date": "2023-08-20", "reason": "面积报错了", "withdrawn": 1}
    assert sentence("return", ("+", "plot_return", withdrawn)) == "撤回申报：2023年8月20日；原因：面积报错了"
    late = {"reason": "x", "new_deadline": "2023-08-25"}
    assert sentence("return", ("+", "plot_return", late)) == "退回：原因：x；新时限：2023年8月25日"


@pytest.mark.parametrize(
    ("action", "steps", "expected"),
    [
        ("start", [("~", "round", {"started_on": (None, "2023-07-31")}), moved("planned", "working")],
         "开工：2023年7月31日；状态由“已定措施”变为“整改中”"),
        ("claim", [("~", "round", {"claimed_on": (None, "2023-08-10"), "claimed_by": ("", "吴小琴")})],
         "申报到位：2023年8月10日由吴小琴申报"),
        ("contest", [("+", "round", {"proved": 560_000, "contested_on": "2023-08-02", "contest_bucket": "proved",
                                     "contest_area": 560_000})],
         "举证：2023年8月2日；举证归入：举证无问题 0.56 亩"),
        ("accept", [("+", "acceptance", {"on_date": "2023-08-14", "group_name": "乡验收组", "restored": 500_000,
                                         "cut": 1, "single_handed": 1, "reason": "只有一名成员"}),
                    ("~", "round", {"accepted_on": (None, "2023-08-14")})],
         "镇级验收：2023年8月14日由乡验收组认定现场整改 0.50 亩；认定的比申报的少；一人经办；原因：只有一名成员"),
        ("spot_check", [("+", "spot_check", {"on_date": "2023-08-19", "checker": "一组", "outcome": "failed",
                                             "measured_area": 500_000})],
         "抽查：2023年8月19日，由一组检查，结果不合格；实测面积：0.50 亩"),
        ("revisit", [("+", "revisit", {"on_date": "2023-09-19", "outcome": "kept", "note": "已出苗"})],
         "回头看：2023年9月19日，结果保持；说明：已出苗"),
        ("close", [("+", "closing", {"on_date": "2023-08-20", "document_number": "销号〔2023〕1号",
                                     "closer": "吴小琴"}),
                   ("~", "plot", {"demolished": ("", "done")}), ("~", "round", {"closed_on": (None, "2023-08-20")})],
         "销号：2023年8月20日由吴小琴办理；文号：销号〔2023〕1号；拆除：到位"),
        ("hold", [("+", "hold", {"kind": "disputed", "on_date": "2023-08-07", "parties": "户主与邻户"})],
         "争议：2023年8月7日；当事各方：户主与邻户"),
        ("release", [("~", "hold", {"released_on": (None, "2023-08-09")})], "恢复办理：恢复日期：2023年8月9日"),
        ("cancel", [("+", "cancellation", {"on_date": "2023-08-09", "reason": "省厅同意核减"})],
         "核减：2023年8月9日；原因：省厅同意核减"),
        ("reopen", [("~", "round", {"reopened_on": (None, "2023-10-01")})], "重开：2023年10月1日"),
        ("note", [("+", "note", {"body": "村里已通知。", "on_date": "2023-08-01"})], "备注：村里已通知"),
        ("correct", [("+", "correction", {"field": "cause", "old_value": "", "new_value": "改种茶树",
                                         "reason": "写错"})],
         "更正：成因更正为“改种茶树”，原来没有填；原因：写错"),
        ("photo_answer", [("+", "photo_answer", {"asked": "照片早于开工。", "answer": "开工前拍的。"})],
         "照片说明：问“照片早于开工”，答：开工前拍的"),
        ("edit", [("~", "plot", {"remark": ("路边", "")})], "修改：备注“路边”删去了"),
        ("edit", [("~", "round", {"target": (5_284_000, 5_283_000)})], "修改：应整改面积由 5.284 亩改为 5.283 亩"),
        ("edit", [("~", "plot", {"party_contact": ("commitment:1", "commitment:2")})],
         "修改：主体联系方式（改了，不显示）"),
        ("edit", [("~", "plot", {"class_now": ("0201", "0202"), "class_now_name": ("果园", "茶园")})],
         "修改：现状地类由“果园（0201）”改为“茶园（0202）”"),
    ],
)  # fmt: skip
def test_each_step_reads_like_a_sentence(action: str, steps: list[Any], expected: str) -> None:
    assert sentence(action, *steps) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("+", "attachment", {"stage": "after", "name": "a.jpg", "media_type": "image/jpeg"}), "添上整改后照片“a.jpg”"),
        (("+", "attachment", {"stage": "paper", "name": "a.jpg", "media_type": "image/jpeg"}), "添上书面材料“a.jpg”"),
        (("~", "attachment", {"removed": (0, 1), "removed_on": (None, "2023-08-01"), "removed_reason": ("", "拍错了")}),
         "把“x.jpg”移入回收站；原因：拍错了"),
        (("~", "attachment", {"removed": (1, 0), "removed_reason": ("拍错了", "")}), "把“x.jpg”从回收站放回"),
        (("~", "attachment", {"stage": ("before", "after")}), "把“x.jpg”从整改前放到整改后"),
    ],
)  # fmt: skip
def test_files_are_told_by_what_became_of_them(step: tuple[str, str, dict[str, Any]], expected: str) -> None:
    done = deeds(step)
    assert lead("attach", done) == ""
    assert "；".join(parts(done, "attach")) == expected


def test_what_happened_to_many_plots_is_counted() -> None:
    assert counted("check", 106) == "自查了 106 个图斑"
    assert counted("from_the_future", 2) == "from_the_future，涉及 2 个图斑"
    for operation in Operation:
        assert counted(operation, 37).count("37 个") == 1
