"""What history says of frames, draws and results, for the ledger and for one plot."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ledger import sample_sentences
from gengdi_desktop.ledger.history import history
from gengdi_desktop.phases.sampling import service
from tests.helpers.ledgers import CLERK
from tests.helpers.sampled import sampled_ledger


def test_a_sample_s_life_in_sentences(tmp_path: Path) -> None:
    with sampled_ledger(tmp_path / "台账") as ledger:
        info = service.take(ledger, name="八月抽查", strata=("village",), seed="20230821", count=3, by=CLERK).info
        out, other = info.plots[0], info.plots[1]
        after = service.replace(ledger, info.id, out.plot, reason="水淹", by=CLERK)
        substitute = next(one for one in after.plots if one.replaces)
        for finding in ("田头仍有树根。", "树根清了一半"):
            service.record_result(
                ledger, info.id, other.plot, outcome="不合格", measured_area=Area(300_000), finding=finding,
                checker=CLERK.name, second_checker="周静", by=CLERK,
            )  # fmt: skip
        told = [one.sentence for one in history(ledger, limit=5)][::-1]
        assert told == [
            f"封存抽样框：“八月抽查”，24 个图斑 81.00 亩，校验值 {info.frame_hash[:12].upper()}",
            "抽样，样本里有 3 个图斑：“八月抽查”，种子 20230821（现场摇号）",
            "替换抽查图斑，连替补的共 2 个",
            f"{other.name}　录入抽查结果：2023年8月20日由王秀英、周静检查，结果不合格；实测 0.30 亩；田头仍有树根",
            f"{other.name}　录入抽查结果：发现的问题由“田头仍有树根。”改为“树根清了一半”",
        ]
        mine = [one.sentence for one in history(ledger, out.plot, limit=2)]
        assert mine == ["替换抽查图斑：不查，由同层的下一个替补", f"抽样：“{out.stratum}”第 1 个"]
        newest = history(ledger, substitute.plot, limit=1)[0]
        assert newest.sentence == f"替换抽查图斑：“{out.stratum}”第 2 个，作替补"
        assert newest.reason == "水淹"


def test_a_replacement_that_was_taken_back() -> None:
    assert list(sample_sentences.left_out({"status": ["replaced", ""]})) == ["恢复为要查"]
    assert list(sample_sentences.drawn({"stratum": ["", "全部"], "place": [0, 3], "status": ["", "replaced"]})) == [
        "“全部”第 3 个",
        "先前已替换，不再查",
    ]
