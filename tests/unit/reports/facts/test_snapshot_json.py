"""A snapshot is one canonical text: the same facts give the same bytes, and the bytes give the facts back."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.reports.facts import store
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import Snapshot
from gengdi_desktop.reports.facts.snapshot_json import freeze_facts, thaw_facts
from tests.unit.reports.facts.test_figures import EMPTY, snapshots
from tests.unit.reports.ledgers import make


@given(snapshots())
def test_what_was_frozen_comes_back(snapshot: Snapshot) -> None:
    frozen = freeze_facts(snapshot, figures_of(snapshot))
    assert thaw_facts(frozen.data) == snapshot
    assert freeze_facts(thaw_facts(frozen.data), figures_of(snapshot)) == frozen


def test_a_ledgers_snapshot_comes_back(tmp_path: Path) -> None:
    with make(tmp_path / "台账", open_lines=(50,)) as ledger, ledger.reading() as session:
        snapshot = store.snapshot(session, ledger.today())
    assert thaw_facts(freeze_facts(snapshot, figures_of(snapshot)).data) == snapshot


def test_the_text_is_canonical_and_its_hash_is_printed_in_groups(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger, ledger.reading() as session:
        snapshot = store.snapshot(session, ledger.today())
    frozen = freeze_facts(snapshot, figures_of(snapshot))
    text = frozen.data.decode()
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == again == unicodedata.normalize("NFC", text)
    assert frozen.sha256 == hashlib.sha256(frozen.data).hexdigest()
    assert frozen.short.replace("-", "") == frozen.sha256[:16].upper()


def test_no_float_and_no_rounded_area_is_in_it(tmp_path: Path) -> None:
    with make(tmp_path / "台账") as ledger, ledger.reading() as session:
        snapshot = store.snapshot(session, ledger.today())

    def refuse(text: str) -> Any:
        raise AssertionError(text)

    found = json.loads(freeze_facts(snapshot, figures_of(snapshot)).data, parse_float=refuse)
    assert found["plots"][0]["issued"] == "1.50"
    assert found["figures"]["task.area"]["exact"] == found["lists"][0]["lines"]["area"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format":"other/1","figures":{}}', b"\xff\xfe"])
def test_other_texts_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(SurroundingsError) as caught:
        thaw_facts(data)
    assert caught.value.code == "snapshot_unreadable"


def test_a_combining_mark_behind_a_line_break_stays_behind_it() -> None:
    """Over the whole JSON text the letter of the escape would join with the mark, and the text come back another."""
    one = replace(EMPTY, unit="一行\n\u0303二行", county="e\u0301")
    assert thaw_facts(freeze_facts(one, {}).data) == replace(one, county="\u00e9")


def test_any_change_changes_the_hash() -> None:
    one, other = EMPTY, replace(EMPTY, head_seq=2)
    assert freeze_facts(one, {}).sha256 != freeze_facts(other, {}).sha256
