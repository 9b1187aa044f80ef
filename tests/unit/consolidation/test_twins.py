"""What stands in two townships: found by number, by place and by picture, each pair once."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from shapely.geometry import box

from gengdi_desktop.consolidation.service import PlotTwins, Sign, Twins, twins
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.evidence import service as evidence
from gengdi_desktop.evidence.likeness.service import compare
from gengdi_desktop.geo.numbers import from_float
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage.tables import IdentifierRow, PlotShapeRow
from tests.helpers.county_desk import CLERK
from tests.helpers.ledgers import add_plots
from tests.helpers.photos import jpeg
from tests.helpers.scenes_made import scene

WEST, SOUTH = 116.27, 28.37


def plot(
    ledger: Ledger, key: str, township: str = "白圩乡", village: str = "", number: str = "", **more: object
) -> None:
    add_plots(ledger, [key], CLERK, township=township, village=village or f"{key}村", plot_no=number or key, **more)


def call(ledger: Ledger, kind: str, value: str, *plots: str) -> None:
    with ledger.begin(Operation.IMPORT, CLERK) as work:
        for one in plots:
            work.session.add(IdentifierRow(plot_id=one, kind=kind, value=value))
        work.commit()


def outline(ledger: Ledger, key: str, west: float, east: float) -> None:
    """A field as high as 100 m, from one longitude to another in thousandths of a degree."""
    shape = Outline(box(WEST + west / 1000, SOUTH, WEST + east / 1000, SOUTH + 0.001))
    edges = shape.box
    with ledger.begin(Operation.OUTLINES, CLERK) as work:
        work.session.add(
            PlotShapeRow(
                id=key,
                plot_id=key,
                outline=base64.b64encode(shape.wkb).decode(),
                west=edges.west,
                south=edges.south,
                east=edges.east,
                north=edges.north,
            )
        )
        work.commit()


def only(found: Twins) -> PlotTwins:
    (one,) = found.plots
    return one


def test_one_number_of_the_survey_in_two_townships(county: Ledger) -> None:
    for key, township in (("a", "白圩乡"), ("b", "民和镇"), ("c", "白圩乡"), ("d", "白圩")):
        plot(county, key, township)
    call(county, "bsm", "360124000000000012", "a", "b")
    call(county, "bsm", "360124000000000013", "c", "d")
    found = only(twins(county))
    assert [one.id for one in found.plots] == ["b", "a"]
    assert found.sentence == ("“民和镇 b村 b”、“白圩乡 a村 a”：标识码都是 360124000000000012，请核实是不是同一个图斑。")


def test_several_signs_of_one_pair_are_said_at_once(county: Ledger) -> None:
    plot(county, "a", "白圩乡", "田头村", "0012")
    plot(county, "b", "民和镇", "田头村委会", "12")
    call(county, "clue_no", "JC-7", "a", "b")
    call(county, "monitor_no", "M-7", "a", "b")
    assert list(only(twins(county)).signs) == [Sign.CLUE, Sign.MONITOR, Sign.NUMBER]


def test_a_village_name_that_both_townships_have_says_nothing(county: Ledger) -> None:
    """前进村 of one township and 前进村 of another are two villages; only the table knows that."""
    from gengdi_desktop.domain.divisions import normalise_village
    from gengdi_desktop.system.reference import divisions

    table = divisions()
    jinxian = table.by_code("360124")
    assert jinxian is not None
    homes: dict[str, list[str]] = {}
    for unit in table.children(jinxian):
        for name in {normalise_village(one.name) for one in table.children(unit)}:
            homes.setdefault(name, []).append(unit.name)
    name, units = next((name, units) for name, units in homes.items() if len(units) > 1)
    for key, township in zip("ab", units, strict=False):
        plot(county, key, township, f"{name}村", "0001")
    assert twins(county).plots == ()


def test_other_years_and_cancelled_plots_are_no_twins(county: Ledger) -> None:
    plot(county, "a", "白圩乡", "田头村", "0012")
    plot(county, "b", "民和镇", "田头村", "0012", outflow_year=2021)
    plot(county, "c", "李渡镇", "田头村", "0012", state="cancelled")
    call(county, "bsm", "360124000000000012", "a", "c")
    assert twins(county).plots == ()


def test_fields_that_lie_on_each_other(county: Ledger) -> None:
    for key, township in (
        ("a", "白圩乡"),
        ("b", "民和镇"),
        ("same", "白圩乡"),
        ("touching", "民和镇"),
        ("no", "李渡镇"),
    ):
        plot(county, key, township)
    outline(county, "a", 0, 1)
    outline(county, "b", 0.6, 1.6)
    outline(county, "same", 0, 1)
    outline(county, "touching", 1.6, 2.6)
    found = twins(county)
    assert [sorted(one.id for one in pair.plots) for pair in found.plots] == [["a", "b"], ["b", "same"]]
    assert found.plots[0].signs == {Sign.OVERLAP: "图上重叠 40%"}


def test_middles_where_an_outline_is_missing(county: Ledger) -> None:
    def placed(key: str, township: str, east: float) -> None:
        at: dict[str, Any] = {"centre_longitude": from_float(WEST + east), "centre_latitude": from_float(SOUTH)}
        plot(county, key, township, **at)

    placed("a", "白圩乡", 0.0)
    placed("near", "民和镇", 0.0002)
    placed("far", "李渡镇", 0.0008)
    found = only(twins(county))
    assert sorted(one.id for one in found.plots) == ["a", "near"]
    assert found.signs == {Sign.NEAR: "中心点只差 20 米"}


def test_the_same_photo_in_two_townships(county: Ledger, tmp_path: Path) -> None:
    for key, township in (("a", "白圩乡"), ("b", "民和镇"), ("c", "白圩乡")):
        plot(county, key, township)
    photo = tmp_path / "后.jpg"
    photo.write_bytes(jpeg(scene(1).resize((960, 720))))
    for key in "abc":
        evidence.attach(county, key, [photo], "after", by=CLERK)
    found = twins(county)
    (pair,) = found.photos
    assert found.not_compared == 1
    assert pair.same
    assert {use.sha256 for use in pair.uses} == {hashlib.sha256(photo.read_bytes()).hexdigest()}
    assert pair.sentence == "“白圩乡 a村 a 整改后”、“民和镇 b村 b 整改后”、“白圩乡 c村 c 整改后”用了同一张照片。"


def test_a_photo_that_was_changed_for_another_township(county: Ledger, tmp_path: Path) -> None:
    for key, township in (("a", "白圩乡"), ("b", "民和镇"), ("c", "民和镇")):
        plot(county, key, township)
    for key, picture in (
        ("a", jpeg(scene(1).resize((960, 720)))),
        ("b", jpeg(scene(1).resize((640, 480)))),
        ("c", jpeg(scene(1).resize((800, 600)))),
    ):
        path = tmp_path / f"{key}.jpg"
        path.write_bytes(picture)
        evidence.attach(county, key, [path], "after", by=CLERK)
    assert twins(county).photos == ()
    compare(county)
    found = twins(county)
    assert found.not_compared == 0
    assert sorted(sorted(use.plot.id for use in pair.uses) for pair in found.photos) == [["a", "b"], ["a", "c"]]
    assert all(not pair.same and pair.score > 80 and "几乎一样" in pair.sentence for pair in found.photos)
