"""The map of a ledger as arrays: metres, rings, what lies at a place, where photos stood."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger.folder import FolderPart, record_file
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.plot_map import STATES, PlotMap, read_plot_map
from gengdi_desktop.storage.tables import AttachmentRow, PhotoRow, PlotRow, PlotShapeRow
from tests.helpers.ledgers import CLERK, add_plots, new_ledger

WEST, SOUTH = 116.2, 28.37
STEP = 0.001


def cell(column: int, row: int, *holes: tuple[float, float, float, float]) -> shapely.Polygon:
    """A cell of a grid; holes in parts of it."""

    def ring(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
        left, bottom = WEST + (column + west) * STEP, SOUTH + (row + south) * STEP
        right, top = WEST + (column + east) * STEP, SOUTH + (row + north) * STEP
        return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]

    return shapely.Polygon(ring(0, 0, 1, 1), [ring(*hole) for hole in holes])


def put_shape(work: Any, plot: str, shape: shapely.Geometry) -> None:
    one = Outline(shape)
    packed = base64.b64encode(one.wkb).decode()
    work.session.add(PlotShapeRow(id=plot, plot_id=plot, outline=packed, **one.box._asdict()))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A with a hole, B of two parts, C a middle only, D nowhere; E inside of A's hole."""
    with new_ledger(tmp_path / "台账") as made:
        add_plots(made, ["a", "b", "c", "d", "e"])
        with made.begin(Operation.EDIT, CLERK) as work:
            put_shape(work, "a", cell(0, 0, (0.25, 0.25, 0.75, 0.75)))
            put_shape(work, "b", shapely.MultiPolygon([cell(2, 0), cell(4, 0)]))
            put_shape(work, "e", shapely.box(*cell(0, 0).buffer(-0.0004).bounds))
            row = work.session.get(PlotRow, "c")
            assert row is not None
            row.centre_longitude, row.centre_latitude = round((WEST + 3.5 * STEP) * NANO), round(SOUTH * NANO)
            row.state = "closed"
            work.commit()
        yield made


@pytest.fixture
def plots(ledger: Ledger) -> PlotMap:
    return read_plot_map(ledger)


def middle_of(plots: PlotMap, longitude: float, latitude: float) -> tuple[float, float]:
    """A place in the map's metres."""
    there = plots.degrees(0, 0)
    east, north = plots.degrees(1, 1)
    return (longitude - there[0]) / (east - there[0]), (latitude - there[1]) / (north - there[1])


def test_plots_with_a_place_come_in_order_with_their_states(plots: PlotMap) -> None:
    assert list(plots.ids) == ["a", "b", "c", "e"]
    assert [STATES[one].value for one in plots.states] == ["issued", "issued", "closed", "issued"]
    assert plots.names[1] == ("白圩村", "0002")


def test_rings_are_those_of_the_outlines_in_metres(plots: PlotMap) -> None:
    assert [len(plots.rings(at)) for at in range(4)] == [2, 2, 0, 1]
    outer = plots.rings(0)[0]
    wide, high = outer.max(axis=0) - outer.min(axis=0)
    assert (wide, high) == pytest.approx((98.02, 110.83), abs=0.05)
    assert plots.ring_ends[-1] == len(plots.corners)


def test_what_lies_at_a_place(plots: PlotMap) -> None:
    def found(column: float, row: float, reach: float = 0.0) -> str:
        at = plots.at(*middle_of(plots, WEST + column * STEP, SOUTH + row * STEP), reach)
        return plots.ids[at] if at >= 0 else ""

    assert found(0.1, 0.1) == "a"
    assert found(0.5, 0.5) == "e", "in the hole"
    assert found(0.3, 0.5) == "", "in the hole, beside the plot inside"
    assert (found(2.5, 0.5), found(3.5, 0.5), found(4.5, 0.5)) == ("b", "", "b")
    assert (found(3.52, 0.0), found(3.52, 0.0, reach=5)) == ("", "c")
    assert found(9, 9) == ""


def test_a_window_finds_what_it_meets(plots: PlotMap) -> None:
    west, south, east, north = plots.extent
    assert plots.within(west, south, east, north).tolist() == [0, 1, 2, 3]
    left = middle_of(plots, WEST + 1.5 * STEP, SOUTH)[0]
    assert plots.within(west, south, left, north).tolist() == [0, 3]


def test_only_some_plots_are_shown_where_that_is_asked(ledger: Ledger) -> None:
    assert list(read_plot_map(ledger, ["e", "d", "b"]).ids) == ["b", "e"]


def test_a_ledger_without_places_is_an_empty_map(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as made:
        add_plots(made, ["a"])
        plots = read_plot_map(made)
    assert (list(plots.ids), plots.extent, plots.at(0, 0, 10)) == ([], (-50.0, -50.0, 50.0, 50.0), -1)
    assert plots.within(-1, -1, 1, 1).tolist() == []


def test_a_damaged_outline_leaves_the_others_and_its_own_middle(ledger: Ledger) -> None:
    with ledger.begin(Operation.EDIT, CLERK) as work:
        row = work.session.get(PlotShapeRow, "a")
        assert row is not None
        row.outline = base64.b64encode(b"nothing").decode()
        work.commit()
    plots = read_plot_map(ledger)
    assert list(plots.ids) == ["a", "b", "c", "e"]
    assert [len(plots.rings(at)) for at in range(4)] == [0, 2, 0, 1]
    assert np.isfinite(plots.boxes).all()


def test_photos_stand_where_they_were_taken_or_said_to_be(ledger: Ledger) -> None:
    with ledger.begin(Operation.ATTACH, CLERK) as work:
        for number, (column, said) in enumerate(((1.0, None), (2.0, 3.0), (None, None))):
            key = record_file(work, ledger.folder.keep(FolderPart.EVIDENCE, f"{number}".encode(), ".jpg"))
            place = None if column is None else round((WEST + column * STEP) * NANO)
            said_place = None if said is None else round((WEST + said * STEP) * NANO)
            south = round(SOUTH * NANO)
            work.session.add(
                PhotoRow(
                    id=key,
                    longitude=place,
                    latitude=None if place is None else south,
                    direction=90_000 if number == 0 else None,
                    said_longitude=said_place,
                    said_latitude=None if said_place is None else south,
                )
            )
            work.session.add(AttachmentRow(plot_id="a", file_id=key, stage="after"))
        work.commit()
    plots = read_plot_map(ledger)
    assert sorted(plots.photo_directions.tolist()) == [-1, 90_000]
    stood = sorted(round(plots.degrees(*one)[0], 6) for one in plots.photo_places)
    assert stood == [round(WEST + STEP, 6), round(WEST + 3 * STEP, 6)]
    assert [plot for plot, _attachment in plots.photos] == ["a", "a"]
    assert isinstance(plots.origin, Point)
