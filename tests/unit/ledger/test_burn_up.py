"""The line of settled area: folded from the journal, by the day on which things happened, with undo taken back."""

from __future__ import annotations

from datetime import date, timedelta

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.ledger import figures, undo
from gengdi_desktop.ledger.burn_up import BurnUp, BurnUpReader, DayArea, burn_up
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import PlotRow, RoundRow
from tests.helpers.clock import FixedClock
from tests.helpers.ledgers import CLERK


def settle(ledger: Ledger, plot: str, area: int, day: date | None, number: int = 1) -> int:
    """State what of a round is settled by a day; the entry's number."""
    with ledger.begin(Operation.PROGRESS, CLERK, event_date=day) as work:
        key = f"{plot}:{number}"
        row = work.session.get(RoundRow, key) or RoundRow(id=key, plot_id=plot, number=number, target=5_280_000)
        row.restored = area
        work.session.add(row)
        return work.commit().seq or 0


def turn(ledger: Ledger, plot: str, operation: Operation, **changes: object) -> None:
    """Change columns of a plot."""
    with ledger.begin(operation, CLERK, event_date=date(2023, 8, 12)) as work:
        row = work.session.get(PlotRow, plot)
        for name, value in changes.items():
            setattr(row, name, value)
        work.commit()


def told(line: BurnUp) -> list[tuple[str, int]]:
    """Days and areas, short."""
    return [(f"{one.day:%m-%d}", one.area.micro_mu) for one in line.points]


def test_areas_are_told_on_the_day_on_which_they_were_settled(township: Ledger) -> None:
    settle(township, "a", 3_000_000, date(2023, 8, 5))
    settle(township, "b", 2_000_000, date(2023, 8, 3))
    settle(township, "a", 5_280_000, date(2023, 8, 9))
    line = burn_up(township)
    assert told(line) == [("08-03", 2_000_000), ("08-05", 5_000_000), ("08-09", 7_280_000)]
    assert line.target == Area(15_840_000)
    assert line.rest == Area(8_560_000)
    assert line.done == figures.figures(township).plots.restored


def test_what_is_dated_after_today_or_not_at_all_is_told_today(township: Ledger, clock: FixedClock) -> None:
    settle(township, "a", 1_000_000, date(2023, 8, 28))
    settle(township, "b", 2_000_000, None)
    assert told(burn_up(township)) == [("08-20", 3_000_000)]
    clock.advance(timedelta(days=10))
    assert told(burn_up(township)) == [("08-20", 2_000_000), ("08-28", 3_000_000)]


def test_an_undo_takes_the_area_from_the_day_on_which_it_was_told_and_redo_puts_it_back(township: Ledger) -> None:
    reader = BurnUpReader()
    settle(township, "a", 3_000_000, date(2023, 8, 5))
    second = settle(township, "b", 2_000_000, date(2023, 8, 3))
    assert told(reader.read(township)) == [("08-03", 2_000_000), ("08-05", 5_000_000)]
    undone = undo.undo(township, second, by=CLERK)
    assert told(reader.read(township)) == [("08-03", 0), ("08-05", 3_000_000)]
    undo.undo(township, undone.entry, by=CLERK)
    again = reader.read(township)
    assert told(again) == [("08-03", 2_000_000), ("08-05", 5_000_000)]
    assert again == burn_up(township)


def test_cancelled_plots_leave_the_line_and_a_new_round_begins_with_nothing(township: Ledger) -> None:
    settle(township, "a", 3_000_000, date(2023, 8, 5))
    settle(township, "b", 2_000_000, date(2023, 8, 5))
    turn(township, "a", Operation.CANCEL, state="cancelled")
    line = burn_up(township)
    assert told(line) == [("08-05", 5_000_000), ("08-12", 2_000_000)]
    assert line.target == Area(10_560_000)
    turn(township, "a", Operation.RESTORE, state="working")
    turn(township, "b", Operation.REOPEN, state="working", round=2)
    assert burn_up(township).done == Area(3_000_000)
    settle(township, "b", 500_000, date(2023, 8, 15), number=2)
    assert burn_up(township).done == Area(3_500_000)


def line(done: str, *, today: date = date(2023, 8, 17)) -> BurnUp:
    """A line of a rectification from 29 July to 20 August with the hard deadline on the 25th."""
    points = (DayArea(date(2023, 8, 2), Area.parse("10")), DayArea(date(2023, 8, 16), Area.parse(done)))
    return BurnUp(points, Area.parse("230"), today, date(2023, 7, 29), date(2023, 8, 20), date(2023, 8, 25))


def test_the_plan_is_counted_back_from_the_end_of_the_window() -> None:
    one = line("100")
    assert one.planned_on(date(2023, 7, 28)) == Area.ZERO
    assert one.planned_on(date(2023, 7, 29)) == Area.parse("10")
    assert one.planned_on(date(2023, 8, 20)) == one.planned_on(date(2023, 8, 25)) == Area.parse("230")
    assert one.behind == Area.parse("100")
    assert one.pace == Area.parse("18")
    assert one.needed == Area.parse("16.25")


def test_without_days_left_or_a_window_nothing_is_promised() -> None:
    assert line("100", today=date(2023, 8, 25)).needed is None
    bare = BurnUp((), Area.parse("1"), date(2023, 8, 17))
    assert (bare.planned_on(date(2023, 8, 17)), bare.behind, bare.needed) == (None, None, None)
    assert (bare.done, bare.pace) == (Area.ZERO, Area.ZERO)
    assert line("300").rest == Area.ZERO
