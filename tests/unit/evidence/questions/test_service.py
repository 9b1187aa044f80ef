"""Questions asked of the photos of a ledger: found, answered, counted, and asked anew when the facts change."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from shapely.geometry import Polygon

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import sayings, service
from gengdi_desktop.evidence.likeness.service import compare, waiting
from gengdi_desktop.evidence.questions.service import answer, counts, questions
from gengdi_desktop.evidence.records import Saying
from gengdi_desktop.geo.map_shift import MapDatum, shifted
from gengdi_desktop.geo.numbers import Point, to_float
from gengdi_desktop.geo.outlines import Outline
from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.ledger.history import history
from gengdi_desktop.storage.tables import PlotShapeRow
from tests.helpers import scenes_made
from tests.helpers.ledgers import CLERK, add_plots, new_ledger
from tests.helpers.photos import camera_exif, jpeg

scene = cache(scenes_made.scene)
WEST, SOUTH, STEP = 116.27, 28.37, 0.001
CENTRE = (WEST + STEP / 2, SOUTH + STEP / 2)
"""A square of about 100 m, without a hole; the plot ``hole`` has one in its middle."""


@dataclass(frozen=True)
class Desk:
    """A ledger with the folder from which photos come."""

    ledger: Ledger
    folder: Path

    def take(
        self,
        plot: str,
        stage: str = "after",
        place: tuple[float, float] | None = CENTRE,
        *,
        picture: int = 1,
        taken: str = "2023:08:18 09:00:00",
        direction: float | None = None,
        size: tuple[int, int] = (960, 720),
        image: Image.Image | None = None,
    ) -> str:
        """Attach a photo made for it; answers its hash."""
        path = self.folder / f"{picture}-{stage}-{plot}.jpg"
        exif = camera_exif(place=place, taken=taken, direction=direction)
        path.write_bytes(jpeg((image or scene(picture)).resize(size), exif))
        ((sha256, _name),) = service.attach(self.ledger, plot, [path], stage, by=CLERK).files
        return sha256

    def codes(self, plot: str) -> list[str]:
        return [one.code.value for one in questions(self.ledger, [plot]) if one.answered is None]


def _square(*, hole: bool) -> Outline:
    ring = [(0, 0), (STEP, 0), (STEP, STEP), (0, STEP)]
    inner = [(STEP * 0.3, STEP * 0.3), (STEP * 0.7, STEP * 0.3), (STEP * 0.7, STEP * 0.7), (STEP * 0.3, STEP * 0.7)]
    shell = [(WEST + x, SOUTH + y) for x, y in ring]
    return Outline(Polygon(shell, [[(WEST + x, SOUTH + y) for x, y in inner]] if hole else None))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_ledger(tmp_path / "台账") as ledger:
        add_plots(ledger, ["a", "hole"])
        add_plots(ledger, ["middle"], centre_longitude=round(CENTRE[0] * 1e9), centre_latitude=round(CENTRE[1] * 1e9))
        add_plots(ledger, ["nowhere"])
        with ledger.begin(Operation.IMPORT, CLERK) as work:
            for plot in ("a", "hole"):
                shape = _square(hole=plot == "hole")
                west, south, east, north = shape.box
                work.session.add(
                    PlotShapeRow(
                        id=plot,
                        plot_id=plot,
                        source_crs="EPSG:4490",
                        outline=base64.b64encode(shape.wkb).decode(),
                        west=west,
                        south=south,
                        east=east,
                        north=north,
                        shape_area=0,
                    )
                )
            work.commit()
        yield Desk(ledger, tmp_path)


def test_a_photo_in_the_plot_is_asked_nothing(desk: Desk) -> None:
    desk.take("a")
    assert questions(desk.ledger) == ()


@pytest.mark.parametrize(
    ("plot", "east", "codes"),
    [
        ("a", 0.0004, []),  # some 40 m off the edge
        ("a", 0.0006, ["outside"]),
        ("middle", 0.0014, []),  # 186 m from the middle
        ("middle", 0.0017, ["outside"]),
        ("nowhere", 0.1, []),
    ],
)
def test_how_far_off_the_edge_or_the_middle(desk: Desk, plot: str, east: float, codes: list[str]) -> None:
    desk.take(plot, place=(WEST + STEP + east, CENTRE[1]))
    assert desk.codes(plot) == codes


def test_a_hole_is_not_the_plot_but_near(desk: Desk) -> None:
    desk.take("hole", direction=0)
    assert desk.codes("hole") == []  # 20 m off the inner edge, all around


def test_who_looks_away_is_asked(desk: Desk) -> None:
    place = (WEST + STEP + 0.0004, CENTRE[1])
    desk.take("a", place=place, direction=270, picture=1)
    desk.take("middle", place=place, direction=90, picture=2)
    away = desk.take("a", place=place, direction=90, picture=3)
    assert [(one.code.value, one.sha256) for one in questions(desk.ledger, ["a"])] == [("looks_away", away)]
    assert desk.codes("middle") == ["looks_away"]


def test_a_shift_of_phone_maps_is_suspected(desk: Desk) -> None:
    for number in range(3):
        true = Point(round((CENTRE[0] + number * 1e-5) * 1e9), round(CENTRE[1] * 1e9))
        off = shifted(true, MapDatum.GCJ_02)
        desk.take("a", place=(to_float(off.longitude), to_float(off.latitude)), picture=number)
    assert desk.codes("a") == ["map_shift"] * 3
    assert "GCJ-02" in questions(desk.ledger)[0].sentence


def test_the_same_picture_elsewhere_is_asked_of_both(desk: Desk) -> None:
    sha256 = desk.take("a", image=scene(1))
    path = next(desk.folder.glob("1-*.jpg"))
    service.attach(desk.ledger, "nowhere", [path], "before", by=CLERK)
    found = {(one.code.value, one.plot, one.sha256) for one in questions(desk.ledger)}
    assert found == {("same_picture", "a", sha256), ("same_picture", "nowhere", sha256)}


def test_changed_copies_are_found_once_photos_were_compared(desk: Desk) -> None:
    desk.take("a", picture=5)
    copy = scene(5).crop((10, 8, 470, 350))
    desk.take("nowhere", image=copy, picture=6)
    desk.take("middle", picture=7)
    assert questions(desk.ledger) == ()
    assert waiting(desk.ledger) == 3
    told: list[tuple[int, int]] = []
    assert compare(desk.ledger, lambda done, of: told.append((done, of))).compared == 3
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert waiting(desk.ledger) == 0
    assert {(one.code.value, one.plot) for one in questions(desk.ledger)} == {
        ("nearly_same", "a"),
        ("nearly_same", "nowhere"),
    }
    desk.take("middle", stage="before", image=copy, picture=8, taken="2023:08:01 09:00:00", size=(700, 680))
    compare(desk.ledger)
    assert counts(desk.ledger) == {"nearly_same": 3}


def test_two_like_photos_at_one_stage_of_one_plot_are_nobodys_question(desk: Desk) -> None:
    desk.take("a", picture=5)
    desk.take("a", picture=9, image=scene(5).crop((5, 5, 470, 350)))
    compare(desk.ledger)
    assert questions(desk.ledger) == ()


def test_a_missing_photo_is_counted_and_asked_again_later(desk: Desk) -> None:
    sha256 = desk.take("a")
    (kept,) = (desk.ledger.folder.root / "evidence").glob(f"{sha256}*")
    away = kept.rename(desk.folder / "away")
    assert compare(desk.ledger).unreadable == 1
    away.rename(kept)
    assert compare(desk.ledger).compared == 1


def test_comparing_leaves_the_journal_alone(desk: Desk) -> None:
    desk.take("a")
    head = desk.ledger.head()
    compare(desk.ledger)
    assert desk.ledger.head() == head


def test_an_answer_is_one_entry_and_no_longer_counts(desk: Desk) -> None:
    sha256 = desk.take("a", place=(WEST + STEP + 0.001, CENTRE[1]))
    assert counts(desk.ledger) == {"outside": 1}
    before = desk.ledger.head().seq
    answer(desk.ledger, "a", sha256, "outside", " 站在路上拍的 ", by=CLERK)
    assert desk.ledger.head().seq == before + 1
    (one,) = questions(desk.ledger)
    assert one.answered is not None
    assert (one.answered.text, one.answered.by, one.answered.on.isoformat()) == (
        "站在路上拍的",
        CLERK.name,
        "2023-08-20",
    )
    assert counts(desk.ledger) == {}
    assert history(desk.ledger, "a")[0].sentence.endswith("，答：站在路上拍的")


def test_an_answer_falls_away_when_the_place_is_said_anew(desk: Desk) -> None:
    sha256 = desk.take("a", place=(WEST + STEP + 0.001, CENTRE[1]))
    answer(desk.ledger, "a", sha256, "outside", "站在路上拍的", by=CLERK)
    farther = Saying(longitude=round((WEST + 0.004) * 1e9), latitude=round(CENTRE[1] * 1e9))
    sayings.say(desk.ledger, sha256, farther, reason="按现场记录", by=CLERK)
    assert desk.codes("a") == ["outside"]
    inside = Saying(longitude=round(CENTRE[0] * 1e9), latitude=round(CENTRE[1] * 1e9))
    sayings.say(desk.ledger, sha256, inside, reason="按现场记录", by=CLERK)
    assert questions(desk.ledger) == ()


@pytest.mark.parametrize(
    ("question", "words", "code"), [("outside", "  ", "answer_missing"), ("too_small", "原图就这么大", "not_asked")]
)
def test_what_is_no_answer_is_refused(desk: Desk, question: str, words: str, code: str) -> None:
    sha256 = desk.take("a", place=(WEST + STEP + 0.001, CENTRE[1]))
    head = desk.ledger.head()
    with pytest.raises(RuleError) as refused:
        answer(desk.ledger, "a", sha256, question, words, by=CLERK)
    assert refused.value.code == code
    assert desk.ledger.head() == head


def test_what_files_do_not_say_is_asked(desk: Desk) -> None:
    desk.take("a", place=None, taken="2000:01:01 00:00:30", size=(600, 450))
    assert desk.codes("a") == ["no_place", "clock_reset", "too_small"]


def test_times_before_and_after(desk: Desk) -> None:
    desk.take("a", "before", picture=1, taken="2023:08:10 09:00:00")
    desk.take("a", "after", picture=2, taken="2023:08:09 09:00:00")
    desk.take("a", "during", picture=3, taken="2023:08:21 09:00:00")
    assert desk.codes("a") == ["not_later", "future"]


def test_progress_is_told_and_can_stop(desk: Desk) -> None:
    desk.take("a")
    told: list[tuple[int, int]] = []
    questions(desk.ledger, progress=lambda done, of: told.append((done, of)))
    assert told == [(0, 1)]
