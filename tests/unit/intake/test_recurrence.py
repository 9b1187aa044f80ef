"""New plots beside plots that were closed before: by overlap, by nearness, by number, and never by a sliver."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import shapely

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.geo.numbers import NANO, Point
from gengdi_desktop.intake import service
from gengdi_desktop.intake.adding_outlines import preview_outlines
from gengdi_desktop.intake.recurrence import LEAST_SHARE, Where, matches, recurrence_of, recurrences
from gengdi_desktop.intake.same_ground import Ground
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.storage.tables import ClosingRow, PlotRow
from tests.flows.test_import_shapes import FIELDS, row
from tests.helpers.imports import take
from tests.helpers.ledgers import CLERK, new_ledger
from tests.helpers.shapes_made import square, write_shp

RNG = random.Random(20_230_820)


def where(
    key: str, shape: shapely.Geometry | None = None, *, number: str = "1", year: int = 2023, **more: object
) -> Where:
    """A plot of 白圩村."""
    closed = "2023-08-20" if key.startswith("old") else ""
    made = Where(key, key, ("白圩乡", "白圩"), number, year, b"" if shape is None else shape.wkb, None, closed)
    return made._replace(**more)  # type: ignore[arg-type]


def field(x: float, y: float) -> shapely.Polygon:
    """An irregular field of seven to twenty-four corners around a place, in steps of a thousandth of a degree."""
    corners = RNG.randint(7, 24)
    turns = sorted(RNG.uniform(0, 6.2831) for _ in range(corners))
    points = [shapely.Point(RNG.uniform(0.3, 0.5), 0) for _ in turns]
    ring = [
        shapely.affinity.rotate(point, turn, origin=(0, 0), use_radians=True).coords[0]
        for point, turn in zip(points, turns, strict=True)
    ]
    shape = shapely.MultiPoint(ring).convex_hull
    return shapely.affinity.translate(
        shapely.affinity.scale(shape, 1e-3, 1e-3, origin=(0, 0)), 116.2 + x / 1e3, 28.3 + y / 1e3
    )


def test_shifted_and_renumbered_fields_are_found() -> None:
    old = [field(2 * (at % 40), 2 * (at // 40)) for at in range(1000)]
    closed = [where(f"old{at}", shape, number=str(at)) for at, shape in enumerate(old)]
    coming, overlapping = [], set()
    for at, shape in enumerate(old):
        moved = shapely.affinity.translate(shape, RNG.uniform(-0.4e-3, 0.4e-3), RNG.uniform(-0.4e-3, 0.4e-3))
        moved = shapely.affinity.scale(moved, RNG.uniform(0.8, 1.2), RNG.uniform(0.8, 1.2))
        coming.append(where(f"new{at}", moved, number=str(9000 - at), year=2024))
        if moved.intersection(shape).area >= 0.3 * min(moved.area, shape.area):
            overlapping.add((f"new{at}", f"old{at}"))
    found = {(one.plot, one.earlier) for one in matches(coming, closed)}
    assert len(overlapping) > 300
    assert len(overlapping & found) >= 0.98 * len(overlapping)


def test_neighbours_and_slivers_are_no_recurrence() -> None:
    closed = [where("old", square(), number="7")]
    beside = [where("a", square(1, 0)), where("b", square(0.9, 0)), where("c", square(5, 5))]
    assert matches(beside, closed) == ()
    assert LEAST_SHARE > 0.1
    (within,) = matches([where("d", square(0.4, 0.4, 0.1, 0.1))], closed)
    assert (within.ground, round(within.share, 3)) == (Ground.OVERLAP, 1.0)
    (best,) = matches([where("e", square(0.3, 0))], [*closed, where("old2", square(0.25, 0))])
    assert best.earlier == "old2"


def test_a_ring_that_crosses_itself_is_compared_too() -> None:
    bow = shapely.Polygon([(116.27, 28.37), (116.271, 28.371), (116.271, 28.37), (116.27, 28.371)])
    (found,) = matches([where("a", square())], [where("old", bow)])
    assert found.share > 0.9


def test_without_an_outline_middles_decide_and_else_number_and_village() -> None:
    middle = Point(116_270_500_000, 28_370_500_000)
    near = middle._replace(longitude=middle.longitude + 200_000)
    far = middle._replace(longitude=middle.longitude + 20 * NANO // 10_000)
    closed = [where("old", number="7", centre=middle), where("old9", number="9", year=2022)]
    (found,) = matches([where("a", number="1", centre=near)], closed)
    assert found.ground is Ground.NEAR
    assert round(found.metres) == 20
    assert "20 米" in found.sentence
    assert matches([where("b", number="7", year=2024, centre=far)], closed) == ()
    (named,) = matches([where("c", number="9", year=2024)], closed)
    assert named.ground is Ground.NUMBER
    assert matches([where("d", number="9", year=2022)], closed) == ()
    assert matches([where("e", number="9", year=2024, village=("白圩乡", "连桥"))], closed) == ()


def close_all(ledger: Ledger) -> None:
    """Let all plots be closed."""
    with ledger.begin(Operation.EDIT, CLERK) as work:
        for plot in plot_ids(ledger, PlotQuery()):
            found = work.session.get(PlotRow, plot)
            assert found is not None
            found.state = "closed"
            closing = ClosingRow(
                plot_id=plot, round=1, on_date=date(2023, 8, 20).isoformat(), document_number="1", closer="王"
            )
            work.session.add(closing)
        work.commit()


def test_a_new_list_says_what_comes_again_and_another_ledger_can_be_asked(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "2023") as old, new_ledger(tmp_path / "2024") as new:
        take(old, write_shp(tmp_path / "a.shp", FIELDS, [row(1), row(2)], [square(), square(3)]))
        close_all(old)
        later = write_shp(tmp_path / "b.shp", FIELDS, [row(31), row(32)], [square(0.5), square(9)])
        with service.preview(old, later) as found:
            told = [note for note in found.notes if note.code == "recurrence"]
            assert [note.row for note in told] == [2]
            assert "疑似反弹" in told[0].message
            assert "2023年8月20日销号的“白圩村 0001”" in told[0].message
            assert "49%" in told[0].message or "50%" in told[0].message
        take(new, later)
        (pair,) = recurrences(new, old)
        assert (pair.closed_on, pair.ground) == ("2023-08-20", Ground.OVERLAP)
        assert recurrences(new) == ()


def test_one_plot_is_asked_for_alone_and_answers_as_all_do(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        shapes = [square(), square(3), square(6)]
        take(ledger, write_shp(tmp_path / "a.shp", FIELDS, [row(at) for at in (1, 2, 3)], shapes))
        close_all(ledger)
        coming = [square(0.4), square(3.95), square(20)]
        take(ledger, write_shp(tmp_path / "b.shp", FIELDS, [row(at) for at in (31, 32, 33)], coming))
        every = {one.plot: one for one in recurrences(ledger)}
        live = plot_ids(ledger, PlotQuery())[3:]
        assert [live.index(plot) for plot in every] == [0]
        assert [recurrence_of(ledger, plot) for plot in live] == [every.get(plot) for plot in live]
        assert recurrence_of(ledger, plot_ids(ledger, PlotQuery())[0]) is None


def test_one_plot_is_found_by_its_number_where_nothing_tells_where_it_lies(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        take(ledger, write_shp(tmp_path / "a.shp", FIELDS, [row(1), row(2)], [None, None]))
        close_all(ledger)
        with ledger.begin(Operation.EDIT, CLERK) as work:
            later = work.session.get(PlotRow, plot_ids(ledger, PlotQuery())[1])
            assert later is not None
            later.state, later.plot_no, later.outflow_year = "issued", "1", 2024
            work.commit()
        (every,) = recurrences(ledger)
        assert every.ground is Ground.NUMBER
        assert recurrence_of(ledger, every.plot) == every


def test_outlines_that_are_added_say_what_comes_again(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "台账") as ledger:
        take(ledger, write_shp(tmp_path / "a.shp", FIELDS, [row(1)], [square()]))
        close_all(ledger)
        take(ledger, write_shp(tmp_path / "b.shp", FIELDS, [row(31)], [None]))
        with preview_outlines(ledger, write_shp(tmp_path / "c.shp", FIELDS, [row(31)], [square(0.5)])) as found:
            (pair,) = found.again
            assert (pair.name, pair.ground) == (found.names[pair.plot], Ground.OVERLAP)
            (fate,) = found.fates
            assert fate.stated is not None
            assert fate.measured is not None
            assert not fate.differs
