"""What is said of packages: proof, freshness and problems in sentences, receipts in a word, counts with their rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.packages import PackageLine, Packed
from gengdi_desktop.handover.receiving.admission import Freshness, Problem
from gengdi_desktop.handover.receiving.changes import Asked, ChangedField, Refused
from gengdi_desktop.handover.receiving.conflicts import Conflict
from gengdi_desktop.handover.receiving.hands import Hand
from gengdi_desktop.handover.receiving.merging import Status
from gengdi_desktop.handover.receiving.proof import Proof, ProofKind, Reported
from gengdi_desktop.handover.receiving.records import Arrival, MissingPhoto, NamedPlot
from gengdi_desktop.ui.pages.exchange_arrivals import arrival_view, conflict_view
from gengdi_desktop.ui.pages.exchange_packing import overview_of, packed_view
from gengdi_desktop.ui.pages.exchange_view import ArrivalView
from gengdi_desktop.ui.words import moment
from tests.helpers import packages, signed_pdfs

TODAY = date(2023, 8, 20)
FILE = Path("报送.gdpkg")
GOOD = Arrival(
    packages.HEADING,
    "白圩乡人民政府 王玥（经办人）",
    signed_pdfs.person("王玥").certificate,
    trusted=True,
    freshness=Freshness.NEW,
    proof=Proof(ProofKind.CONTAINED, 612, 700),
    looked=True,
)


def seen(found: Arrival) -> ArrivalView:
    return arrival_view(found, FILE, TODAY)


def test_a_good_package_may_be_taken_in_and_says_that_nothing_was_rewritten() -> None:
    view = seen(replace(GOOD, same=106))
    assert (view.sign, view.may_take, view.asks_reason, view.certificate) == ("check", True, False, None)
    assert view.proof == "接着第 612 条带来 88 条办理记录，以前报过的都在，一条没有改写。"
    assert view.groups == ()
    assert view.nothing == "106 个图斑没有变化。没有冲突、缺的照片、不收的。"
    assert dict(view.facts)["装着"] == "106 个图斑"


def test_whoever_is_unknown_is_to_be_called_first() -> None:
    unknown = Problem("signer_unknown", "还不认识。", "请核对。")
    view = seen(replace(GOOD, trusted=False, problems=(unknown,)))
    assert (view.sign, view.may_take) == ("warn", False)
    assert view.certificate is GOOD.certificate
    stranger_elsewhere = seen(replace(GOOD, problems=(unknown, Problem("other_unit", "发给别人的。", "请转交。"))))
    assert stranger_elsewhere.certificate is None, "nobody is called about a package that is not for us"
    assert stranger_elsewhere.sign == "stop"


def test_what_asks_for_a_reason_may_be_taken_in_with_one() -> None:
    rewritten = tuple(
        Reported(seq, "", "2023-08-09T02:00:00Z", "吴小琴", action)
        for seq, action in ((412, "progress"), (413, "claim"), (414, "unheard of"))
    )
    problem = Problem("journal_rewritten", "被改写。", "请打电话。", with_reason=True)
    view = seen(replace(GOOD, proof=Proof(ProofKind.REWRITTEN, 0, 700, rewritten), problems=(problem,)))
    assert (view.sign, view.may_take, view.asks_reason, view.verb) == ("warn", True, True, "照收")
    assert view.proof_sign == "stop"
    assert view.proof.startswith("以前报来的记录里，有 3 条")
    assert [one.rpartition("，")[2] for one in view.rewritten][2] == "别的动作"
    assert view.rewritten[0].startswith("第 412 条，8月9日")
    gap = seen(replace(GOOD, proof=Proof(ProofKind.GAP, 620, 700, missing=(613, 620))))
    assert (gap.proof_sign, gap.proof) == ("warn", "第 613 到 620 条办理记录没有报来，中间接不上。")


@pytest.mark.parametrize(
    ("changed", "sign", "words"),
    [
        ({"freshness": Freshness.AGAIN}, "info", "再收一次台账也不变"),
        (
            {"problems": (Problem("stale", "第 3 次的已经收过。", "不用再收。"),)},
            "stop",
            "第 3 次的已经收过。不用再收。",
        ),
    ],
    ids=["again", "older"],
)
def test_what_is_not_new_is_not_taken_in(changed: dict[str, object], sign: str, words: str) -> None:
    view = seen(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert (view.sign, view.may_take) == (sign, False)
    assert words in view.more
    assert view.why_not


def test_every_count_has_its_rows() -> None:
    field = ChangedField("p", "连桥村 0007", "plot", "remark", "甲", "乙")
    view = seen(
        replace(
            GOOD, new=2, changed=1, deleted=1, new_plots=(NamedPlot("a", "甲村 1"), NamedPlot("b", "甲村 2")),
            deleted_plots=(NamedPlot("c", "甲村 3"),), fields=(field,), more_fields=40,
            conflicts=(Asked("p", "连桥村 0007", "plot", "p", "remark", None, "甲", "丙"),),
            kept=(Refused("kept", "d", "甲村 4", "留着没有删。"),),
            refused=(Refused("other_unit", None, "乙村 1", "不是发来的单位的。"),),
            missing_photos=(MissingPhoto("p", "连桥村 0007", "后.jpg", "0" * 64),),
        )
    )  # fmt: skip
    told = {one.code: one for one in view.groups}
    assert {code: one.count for code, one in told.items()} == {
        "new": 2, "changed": 41, "conflicts": 1, "deleted": 2, "photos": 1, "refused": 1,
    }  # fmt: skip
    assert told["changed"].more == 40
    assert (told["conflicts"].rows[0].mine, told["conflicts"].rows[0].theirs) == ("甲", "丙")
    assert [one.name for one in told["deleted"].rows] == ["甲村 3", "甲村 4"]
    assert view.nothing == ""


def test_a_change_of_no_plot_is_not_counted_as_plots() -> None:
    believed = ChangedField(None, "县专班 章慧敏", "certificate", "relation", "（没有）", "已信任")
    (changed,) = seen(replace(GOOD, fields=(believed,))).groups
    assert (changed.count, changed.told[:6]) == (1, "图斑没有改动")


def line(name: str, *, sent: bool, day: int, **more: object) -> PackageLine:
    at = datetime(2023, 8, day, 2, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    made = PackageLine(
        id=name, sent=sent, kind=PackageKind.SUBMISSION if sent else PackageKind.FEEDBACK, number=1, desk=Desk.COUNTY,
        unit="进贤县", unit_code="360124", organ="进贤县人民政府", peer_ledger=None, created=at, settled=at,
        day=at[:10], signer="", head_seq=1, plots=106, area=Area.parse("161.15"), photos=4 if sent else 0,
        file_name=f"{name}.gdpkg", receipted=False, answers=None, note="",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_receipts_and_proof_are_told_in_a_word_and_a_sentence() -> None:
    lines = (
        line("d", sent=False, day=19, proof="rewritten", proof_entries=(412, 413)),
        line("c", sent=True, day=18, number=2),
        line("b", sent=False, day=17, proof="contained"),
        line("a", sent=True, day=10, receipted=True),
    )
    view = overview_of(lines, TODAY)
    assert [one.receipt for one in view.packages] == ["回执待带", "未见回执", "回执已带", "对方已收"]
    assert [one.proof for one in view.packages] == ["改写过", "", "没有改写", ""]
    assert "第 412、413 条" in view.packages[0].told
    assert "带了 4 张照片和材料。" in view.packages[1].told
    assert view.last == {
        (PackageKind.FEEDBACK, False): "上次 8-19，第 1 次",
        (PackageKind.SUBMISSION, True): "上次 8-18，第 2 次",
    }


def test_a_conflict_tells_who_wrote_our_value_and_what_brought_theirs() -> None:
    asked = Conflict(
        1, "p", "连桥村 0007", "plot", "remark", "备注", "", "甲", "丙", "白圩乡人民政府", "k", Status.OPEN,
        package_told="报送包（第 2 次）", packed="2023-08-17T08:12:00Z",
        hand=Hand(9, "2023-08-16T02:20:00Z", "李建国", "改动"),
    )  # fmt: skip
    view = conflict_view(asked, TODAY)
    assert view.source == "白圩乡人民政府的报送包（第 2 次）"
    wrote, packed = (moment(datetime(2023, 8, *at, tzinfo=UTC), TODAY) for at in ((16, 2, 20), (17, 8, 12)))
    assert view.mine_by == f"李建国，{wrote} 改动（办理记录第 9 条）"
    assert view.theirs_by == f"白圩乡人民政府，{packed} 打的报送包（第 2 次）"
    assert (view.mine_hand, view.theirs_hand) == ("李建国 8-16", "白圩乡人民政府 8-17")
    nobody = conflict_view(replace(asked, hand=None), TODAY)
    assert (nobody.mine_by, nobody.mine_hand) == ("办理记录里查不到是谁写的", "查不到")


def test_a_package_tells_what_it_is_still_without() -> None:
    whole = Packed(
        FILE, "0" * 64, 1, PackageKind.CHECK_RESULT, "k", 1, "进贤县人民政府", 12, Area.ZERO, 4, left_out=("a.jpg",),
    )  # fmt: skip
    assert packed_view(whole).told == "1 张照片没有带，下一个包再带"
    part = packed_view(replace(whole, unchecked=("连桥村 0007", "连桥村 0009")))
    assert part.told.startswith("抽中的还有 2 个没有抽查结果，这次没有报；")
    assert part.told.endswith("；1 张照片没有带，下一个包再带")
