"""The check sheet says how the sample was drawn, and has a card for each plot in the order of the draw."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber
import pytest

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.sampling import service
from gengdi_desktop.reports.forms.check_sheets import write_check_sheet
from tests.helpers.ledgers import CLERK
from tests.helpers.sampled import sampled_ledger


def _pages(file: Path) -> list[str]:
    with pdfplumber.open(file) as pdf:
        return [page.extract_text() for page in pdf.pages]


def test_all_of_it_stands_on_paper(tmp_path: Path) -> None:
    with sampled_ledger(tmp_path / "台账") as ledger:
        info = service.take(
            ledger, name="八月抽查", strata=("village", "risk"), seed="20230821", count=7, by=CLERK
        ).info  # fmt: skip
        first, out = info.plots[0], info.plots[1]
        service.replace(ledger, info.id, out.plot, reason="汛期被淹", by=CLERK)
        info = service.record_result(
            ledger, info.id, first.plot, outcome="不合格", measured_area=Area(300_000), finding="田头仍有树根",
            checker=CLERK.name, second_checker="周静", by=CLERK,
        )  # fmt: skip
        written = write_check_sheet(ledger, info.id, tmp_path / "抽查表.pdf")
        larger = service.enlarge(ledger, info.id, count=14, by=CLERK)
        write_check_sheet(ledger, larger.id, tmp_path / "扩大.pdf")
    head, *cards = _pages(tmp_path / "抽查表.pdf")
    assert (written.plots, written.pages) == (7, len(cards) + 1)
    for said in (info.frame_hash, "20230821（现场摇号）", "24 个图斑，81.00 亩", "一样也没有的是“一般”", "0x1F"):
        assert said in head.replace("\n", "")
    body = "\n".join(cards)
    assert re.findall(r"次序 ([0-9a-f]{16})", body) == [one.order_key[:16] for one in info.plots]
    assert [int(one) for one in re.findall(r"^(\d+) \S+ \d{4}（", body, re.MULTILINE)] == list(range(1, 8))
    assert f"不查 {out.name}" in body.replace("　", " ")
    assert f"替补{out.name}" in body
    for said in ("汛期被淹", "0.30 亩", "■不合格", "田头仍有树根", "王秀英", "周静"):
        assert said in body
    assert body.count("□合格 □不合格".replace(" ", "　　")) + body.count("□合格 □不合格") == 6
    second = _pages(tmp_path / "扩大.pdf")[0].replace("\n", "")
    assert "五、扩大抽查用同一抽样框、同一种子" in second
    assert "五、" not in head


def test_what_cannot_be_printed_is_refused(tmp_path: Path) -> None:
    with sampled_ledger(tmp_path / "台账") as ledger:
        framed = service.freeze_frame(ledger, by=CLERK)
        with pytest.raises(RuleError, match="还没有抽"):
            write_check_sheet(ledger, framed.id, tmp_path / "抽查表.pdf")
        with pytest.raises(RuleError, match=r"只写成 \.pdf"):
            write_check_sheet(ledger, framed.id, tmp_path / "抽查表.docx")
    assert list(tmp_path.glob("抽查表.*")) == []
