"""Whatever a package may bring is told in Chinese: no name of a column or table is for people."""

from __future__ import annotations

import re

import pytest
from sqlmodel import SQLModel

from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.domain.land_classes import ClassSystem
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.receiving.fields import row_word
from gengdi_desktop.handover.travelling import carried
from gengdi_desktop.ledger.carried_words import OTHER
from gengdi_desktop.ledger.conflict_sentences import label
from gengdi_desktop.ledger.words import shown

_ENGLISH = re.compile("[A-Za-z]")


@pytest.mark.parametrize("kind", PackageKind)
def test_every_field_and_row_that_a_package_may_bring_has_a_chinese_word(kind: PackageKind) -> None:
    for one in carried(kind):
        told = {one.table: row_word(one.table)} | {name: label(one.table, name) for name in sorted(one.brings)}
        assert {code for code, word in told.items() if _ENGLISH.search(word)} == set()
        assert {code for code, word in told.items() if word == OTHER} == set(), one.table


@pytest.mark.parametrize("kind", PackageKind)
def test_the_codes_of_closed_lists_are_told_in_words(kind: PackageKind) -> None:
    for one in carried(kind):
        held = SQLModel.metadata.tables[one.table].columns
        codes = [(name, code) for name in sorted(one.brings) for code in held[name].info.get("choices", ())]
        assert [code for name, code in codes if _ENGLISH.search(shown(one.table, name, code))] == []
    for name in ("class_now_system", "class_system"):
        assert {shown("plot", name, one.value) for one in ClassSystem} == {one.label for one in ClassSystem}
    assert [shown("plot_list", "kind", one.value) for one in ListKind] == [one.label for one in ListKind]


def test_what_has_no_word_is_other_content() -> None:
    assert (label("nothing", "of_the_kind"), row_word("nothing")) == (OTHER, OTHER)


def test_a_campaign_is_told_in_the_words_of_its_settings() -> None:
    assert label("phase", "hard_deadline") == label("campaign", "hard_deadline") == "硬期限"
    assert not _ENGLISH.search(shown("campaign", "done_rule", "claimed"))
