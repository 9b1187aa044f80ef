"""Reasons in one sentence."""

from __future__ import annotations

from gengdi_desktop.domain.actions import ACTIONS
from gengdi_desktop.domain.outcomes import Refusal, sentence


def test_all_reasons_stand_in_one_sentence() -> None:
    refusals = (Refusal("remaining", "剩余 5.28 亩"), Refusal("evidence", "缺整改后照片", "after_photo"))
    assert sentence(ACTIONS["claim"], refusals) == "还不能申报到位：剩余 5.28 亩，缺整改后照片。"
    assert sentence(ACTIONS["progress"], refusals[:1]) == "还不能报进展：剩余 5.28 亩。"
