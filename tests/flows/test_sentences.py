"""The whole history of the sample campaign, read for what no person would write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gengdi_desktop.ledger.history import history
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.ledger.service import open_ledger
from gengdi_desktop.system.clock import SystemClock

if TYPE_CHECKING:
    from tests.flows.conftest import Demo

_CLUMSY = re.compile(r"[。；，：、]{2}|（空）|None|[。；，、]$|(?P<word>.{3,})：(?P=word)")
"""Two marks side by side, an empty value, a mark at the end, a word that explains itself."""


def test_no_sentence_of_the_sample_is_clumsy_or_says_a_thing_twice(demo: Demo) -> None:
    with open_ledger(demo.ledger, SystemClock(), write=False) as ledger:
        told = list(history(ledger, limit=1000))
        for plot in plot_ids(ledger, PlotQuery(), limit=200):
            told += history(ledger, plot)
    assert len({one.action for one in told}) > 15
    sentences = [one.sentence for one in told]
    assert [one for one in sentences if _CLUMSY.search(one)] == []
    for one in sentences:
        clauses = one.split("；")
        assert len(clauses) == len(set(clauses)), one
