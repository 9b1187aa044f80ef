"""Where plots lie: outlines before middles, near ones by distance, and nothing said of places nobody knows."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import event

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.geo.outlines import Box, Outline
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.outlines import box_around, outlines, outlines_meeting, plots_near
from gengdi_desktop.storage.tables import PlotRow, PlotShapeRow
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

WEST, SOUTH = 116_200_000_000, 28_370_000_000
STEP = 1_000_000
"""A thousandth of a degree: about 98 metres east, 111 metres north."""


def square(column: int, row: int) -> Outline:
    """A cell of a grid, one step wide and high."""
    west, south = (WEST + column * STEP) / NANO, (SOUTH + row * STEP) / NANO
    return Outline(shapely.box(west, south, west + STEP / NANO, south + STEP / NANO))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A and b have outlines beside one another, c a middle only, d neither."""
    with new_ledger(tmp_path / "台账") as made:
        add_plots(made, ["a", "b", "c", "d"])
        with made.begin(Operation.EDIT, CLERK) as work:
            for place, plot in enumerate(("a", "b")):
                one = square(place, 0)
                work.session.add(
                    PlotShapeRow(
                        id=plot,
                        plot_id=plot,
                        source_crs="EPSG:4527",
                        outline=base64.b64encode(one.wkb).decode(),
                        **one.box._asdict(),
                    )
                )
            row = work.session.get(PlotRow, "c")
            assert row is not None
            row.centre_longitude, row.centre_latitude = WEST + 3 * STEP, SOUTH
            work.commit()
        yield made


def test_outlines_come_in_the_ledger_s_order_and_unknown_places_are_left_out(ledger: Ledger) -> None:
    found = outlines(ledger)
    assert list(found) == ["a", "b", "c"]
    assert found["a"].box == Box(WEST, SOUTH, WEST + STEP, SOUTH + STEP)
    assert found["a"].centre == Point(WEST + STEP // 2, SOUTH + STEP // 2)
    assert (found["a"].source_crs, found["a"].name) == ("EPSG:4527", "白圩村 0001")
    assert (found["c"].box, found["c"].shape(), found["c"].outline) == (None, None, b"")


def test_an_outline_comes_back_as_it_was(ledger: Ledger) -> None:
    shape = outlines(ledger, ["b"])["b"].shape()
    assert shape is not None
    assert shape.wkb == square(1, 0).wkb


def test_only_those_asked_for_come_however_many(ledger: Ledger) -> None:
    assert list(outlines(ledger, ["c", "nobody", "a", "a"])) == ["a", "c"]
    assert list(outlines(ledger, [f"x{n}" for n in range(1200)] + ["b"])) == ["b"]
    assert outlines(ledger, []) == {}


def test_near_plots_come_by_their_distance_from_edge_or_middle(ledger: Ledger) -> None:
    inside = plots_near(ledger, WEST + STEP // 2, SOUTH + STEP // 2, 120)
    assert [(one.plot, round(metres)) for one, metres in inside] == [("a", 0), ("b", 49)]
    beyond = plots_near(ledger, WEST + 3 * STEP, SOUTH, 100)
    assert [(one.plot, round(metres)) for one, metres in beyond] == [("c", 0), ("b", 98)]
    assert plots_near(ledger, WEST - 90 * STEP, SOUTH, 500) == ()


def test_a_box_meets_what_touches_it(ledger: Ledger) -> None:
    told = outlines_meeting(ledger, Box(WEST + STEP, SOUTH, WEST + STEP, SOUTH))
    assert [one.plot for one in told] == ["a", "b"]
    assert outlines_meeting(ledger, Box(WEST - 2, SOUTH - 2, WEST - 1, SOUTH - 1)) == ()


def test_a_wide_outline_is_found_from_its_far_side(ledger: Ledger) -> None:
    """The range of western edges that is looked through reaches as far as the widest box."""
    edges = (WEST, SOUTH + 5 * STEP, WEST + 40 * STEP, SOUTH + 6 * STEP)
    wide = Outline(shapely.box(*(edge / NANO for edge in edges)))
    with ledger.begin(Operation.EDIT, CLERK) as work:
        packed = base64.b64encode(wide.wkb).decode()
        work.session.add(PlotShapeRow(id="d", plot_id="d", outline=packed, **wide.box._asdict()))
        work.commit()
    assert [one.plot for one, _ in plots_near(ledger, WEST + 39 * STEP, SOUTH + 5 * STEP, 50)] == ["d"]


def test_what_lies_near_is_asked_of_indexes_alone(ledger: Ledger) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_more: object) -> None:
        asked.append((statement, given))

    with ledger.reading() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        outlines_meeting(ledger, Box(WEST, SOUTH, WEST + STEP, SOUTH + STEP))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    [(statement, given)] = [one for one in asked if "plot_shape" in one[0]]
    with ledger.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
    steps = [str(step[3]) for step in plan]
    assert not [step for step in steps if step.startswith("SCAN") and step != "SCAN near"], steps
    assert any("ix_plot_shape_box" in step for step in steps)
    assert any("ix_plot_centre" in step for step in steps)


def test_a_box_around_a_place_is_as_wide_in_metres_as_it_is_high() -> None:
    box = box_around(Point(WEST, SOUTH), 110.825)
    assert box.north - SOUTH == pytest.approx(STEP, rel=1e-5)
    assert (box.east - WEST) * 98_024 == pytest.approx((box.north - SOUTH) * 110_825, rel=1e-4)


def test_a_damaged_outline_is_refused_in_words(ledger: Ledger) -> None:
    with ledger.begin(Operation.EDIT, CLERK) as work:
        row = work.session.get(PlotShapeRow, "a")
        assert row is not None
        row.outline = base64.b64encode(b"nothing").decode()
        work.commit()
    with pytest.raises(RuleError) as refused:
        outlines(ledger)["a"].shape()
    assert refused.value.code == "outline_damaged"


def test_a_part_without_an_outline_lies_within_its_parent_s(ledger: Ledger) -> None:
    with ledger.begin(Operation.EDIT, CLERK) as work:
        for part in ("c", "d"):
            row = work.session.get(PlotRow, part)
            assert row is not None
            row.split_parent = "b"
        work.commit()
    found = outlines(ledger)
    assert [found[plot].borrowed for plot in ("a", "b", "c", "d")] == [False, False, True, True]
    assert found["d"].box == found["b"].box
    assert found["d"].outline == found["b"].outline
