"""Printings of field sheets: their order is kept as it was, the newest first, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gengdi_desktop.ledger.history import history
from gengdi_desktop.reports.forms.printings import MOST, keep_printing, printings
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import new_ledger


def test_the_order_of_a_printing_is_kept_and_is_no_entry(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        before = len(history(ledger))
        assert printings(ledger) == ()
        made = keep_printing(ledger, ["c" * 32, "a" * 32, "b" * 32])
        assert printings(ledger) == (made,)
        assert made.plots == ("c" * 32, "a" * 32, "b" * 32)
        assert made.seq == ledger.head().seq
        assert len(history(ledger)) == before


def test_the_newest_stands_first_and_the_oldest_go(tmp_path: Path) -> None:
    clock = FixedClock()
    with new_ledger(tmp_path / "台账", clock=clock) as ledger:
        made = []
        for at in range(MOST + 3):
            clock.advance(timedelta(minutes=1))
            made.append(keep_printing(ledger, [f"{at:032x}"]))
        assert list(printings(ledger)) == made[: -MOST - 1 : -1]
