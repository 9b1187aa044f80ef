"""What is asked of photos, as tables with their boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.photo_questions import (
    PhotoLimits,
    PhotoQuestion,
    PhotoSeen,
    Standing,
    Twin,
    circle_radius,
    degrees_beside,
    questions_of,
    wind,
)

LIMITS = PhotoLimits()
NOW = datetime(2023, 8, 20, 10, 0)
GOOD = PhotoSeen(
    plot="p1",
    attachment=1,
    sha256="a1",
    stage=Stage.AFTER,
    round=1,
    received=datetime(2023, 8, 18, 17, 0),
    issued_on=date(2023, 7, 20),
    width=4000,
    height=3000,
    at=datetime(2023, 8, 18, 9, 0),
    has_place=True,
    standing=Standing(0),
    true_north=True,
)
BEFORE = replace(GOOD, sha256="b1", attachment=2, stage=Stage.BEFORE, at=datetime(2023, 8, 2, 9, 0))
SIDE = Standing(30, seen_between=(80_000, 100_000))


def asked(*photos: PhotoSeen, of: str = "a1", now: datetime = NOW) -> list[str]:
    return [one.question.value for one in questions_of(photos, now, LIMITS) if one.photo.sha256 == of]


def sentence(*photos: PhotoSeen, of: str = "a1") -> str:
    (one,) = [one for one in questions_of(photos, NOW, LIMITS) if one.photo.sha256 == of]
    return one.sentence


def test_a_good_pair_is_asked_nothing() -> None:
    assert questions_of([BEFORE, GOOD], NOW, LIMITS) == ()


def test_papers_are_asked_nothing() -> None:
    assert asked(replace(GOOD, stage=Stage.PAPER, has_place=False, at=None, width=10, height=10)) == []


# ---------------------------------------------------------------------------------------------------------------- place


@pytest.mark.parametrize(
    ("standing", "questions"),
    [
        (Standing(0), []),
        (Standing(1), []),
        (Standing(50), []),
        (Standing(51), ["outside"]),
        (Standing(312), ["outside"]),
        (Standing(0, radius=20), []),
        (Standing(200, radius=20), []),
        (Standing(201, radius=20), ["outside"]),
        (Standing(349, radius=300), []),
        (Standing(350, radius=300), []),
        (Standing(351, radius=300), ["outside"]),
        (None, []),
    ],
)
def test_where_one_stood(standing: Standing | None, questions: list[str]) -> None:
    assert asked(replace(GOOD, standing=standing)) == questions


def test_a_place_outside_is_told_with_its_metres() -> None:
    assert sentence(replace(GOOD, standing=Standing(1312))).startswith("照片站位在图斑外 1,312 米，")
    assert "离图斑中心 312 米" in sentence(replace(GOOD, standing=Standing(312, radius=20)))
    assert "半径 20 米的圆" in sentence(replace(GOOD, standing=Standing(312, radius=20)))


def test_without_a_place_the_gap_is_told() -> None:
    silent = replace(GOOD, has_place=False, standing=None, place_gap="疑似聊天软件转发，定位已丢失")
    assert asked(silent) == ["no_place"]
    assert "疑似聊天软件转发" in sentence(silent)
    assert "没有记位置" in sentence(replace(silent, place_gap=""))


@pytest.mark.parametrize(
    ("standing", "words"),
    [(Standing(0), "在图斑内"), (Standing(312), "距边界 312 米"), (Standing(0, radius=9), "距中心 0 米")],
)
def test_a_standing_in_words(standing: Standing, words: str) -> None:
    assert standing.words == words


def _shifted(sha256: str, metres: int, **unshifted: int) -> PhotoSeen:
    named = {name.replace("_", "-"): off for name, off in unshifted.items()}
    return replace(GOOD, sha256=sha256, standing=Standing(metres, unshifted=named))


@pytest.mark.parametrize(
    ("photos", "questions"),
    [
        ([_shifted("a1", 480, GCJ_02=3, BD_09=700)], ["outside"]),  # one photo tells nothing
        ([_shifted("a1", 480, GCJ_02=3), _shifted("a2", 470, GCJ_02=50)], ["map_shift"]),
        ([_shifted("a1", 480, GCJ_02=51), _shifted("a2", 470, GCJ_02=3), _shifted("a3", 475, GCJ_02=3)], ["outside"]),
        ([_shifted("a1", 480, GCJ_02=400), _shifted("a2", 470, GCJ_02=400)], ["outside"]),
        ([_shifted("a1", 980, GCJ_02=500, BD_09=2), _shifted("a2", 970, GCJ_02=3, BD_09=4)], ["map_shift"]),
        ([_shifted("a1", 40, GCJ_02=3), _shifted("a2", 45, GCJ_02=3)], []),
        ([_shifted("a1", 480, GCJ_02=3), _shifted("a1", 480, GCJ_02=3)], ["outside", "outside"]),  # one file twice
    ],
)
def test_a_shift_is_suspected_of_several_photos_only(photos: list[PhotoSeen], questions: list[str]) -> None:
    assert asked(*photos) == questions


def test_a_shift_names_its_datum_and_how_many() -> None:
    told = sentence(_shifted("a1", 480, GCJ_02=3), _shifted("a2", 470, GCJ_02=5))
    assert told.startswith("2 张照片都偏出图斑，这张距边界 480 米")
    assert "GCJ-02" in told


# ------------------------------------------------------------------------------------------------------------ direction


@pytest.mark.parametrize(
    ("direction", "beside"),
    [
        (80_000, 0),
        (90_000, 0),
        (100_000, 0),
        (79_000, 1),
        (101_000, 1),
        (270_000, 170),
        (359_000, 81),
        (1_000, 79),
    ],
)
def test_degrees_beside_a_span(direction: int, beside: int) -> None:
    assert degrees_beside(direction, (80_000, 100_000)) == beside


@pytest.mark.parametrize(("direction", "beside"), [(355_000, 0), (5_000, 0), (0, 0), (20_000, 10), (340_000, 10)])
def test_a_span_over_north(direction: int, beside: int) -> None:
    assert degrees_beside(direction, (350_000, 10_000)) == beside


# 30 m off the edge a place that is 15 m wrong turns the plot by 30°: 45° + 30° for true north, 15° more for magnetic.
@pytest.mark.parametrize(
    ("direction", "true_north", "questions"),
    [
        (90_000, True, []),
        (100_000, True, []),
        (174_000, True, []),
        (176_000, True, ["looks_away"]),
        (176_000, False, []),
        (189_000, False, []),
        (191_000, False, ["looks_away"]),
        (6_000, True, []),
        (4_000, True, ["looks_away"]),
        (270_000, True, ["looks_away"]),
        (270_000, False, ["looks_away"]),
        (None, True, []),
    ],
)
def test_where_one_looked(direction: int | None, *, true_north: bool, questions: list[str]) -> None:
    assert asked(replace(GOOD, standing=SIDE, direction=direction, true_north=true_north)) == questions


@pytest.mark.parametrize(
    ("standing", "questions"),
    [
        (Standing(0), []),  # inside one looks at it anyhow
        (Standing(15, seen_between=(80_000, 100_000)), []),  # perhaps inside
        (Standing(16, seen_between=(80_000, 100_000)), ["looks_away"]),
        (Standing(51, seen_between=(80_000, 100_000)), ["outside"]),  # the place first
        (Standing(60, radius=50, seen_between=(80_000, 100_000)), []),
        (Standing(90, radius=50, seen_between=(80_000, 100_000)), ["looks_away"]),
    ],
)
def test_who_stands_in_the_plot_is_not_asked_where_he_looked(standing: Standing, questions: list[str]) -> None:
    assert asked(replace(GOOD, standing=standing, direction=270_000)) == questions


def test_a_direction_is_told_in_winds_and_degrees() -> None:
    told = sentence(replace(GOOD, standing=SIDE, direction=270_500))
    assert told.startswith("照片朝正西（270°），图斑在站位的正东面（80°至100°），相差 169°。")


@pytest.mark.parametrize(
    ("direction", "word"),
    [
        (0, "正北"),
        (22_499, "正北"),
        (22_500, "东北"),
        (45_000, "东北"),
        (180_000, "正南"),
        (337_499, "西北"),
        (337_500, "正北"),
        (359_999, "正北"),
    ],
)
def test_the_eight_winds(direction: int, word: str) -> None:
    assert wind(direction) == word


# ----------------------------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("stage", "at", "by_hand", "questions"),
    [
        # against the issue of the list
        (Stage.AFTER, "2023-07-19 23:59", True, ["before_issue", "not_later"]),
        (Stage.AFTER, "2023-07-20 00:00", True, ["not_later"]),
        (Stage.DURING, "2023-07-19 12:00", False, ["before_issue"]),
        (Stage.DURING, "2023-07-20 12:00", False, []),
        (Stage.BEFORE, "2023-07-19 12:00", False, []),
        (Stage.REVISIT, "2023-07-19 12:00", False, ["before_issue", "not_later"]),
        # against the clock, which stands at 10:00 on the 20th, and the entry at 17:00 on the 18th
        (Stage.AFTER, "2023-08-18 18:00", False, []),
        (Stage.AFTER, "2023-08-18 18:01", False, ["after_entry"]),
        (Stage.AFTER, "2023-08-20 11:00", False, ["after_entry"]),
        (Stage.AFTER, "2023-08-20 11:01", False, ["future"]),
        (Stage.BEFORE, "2024-08-02 09:00", False, ["future"]),
        # against the photo before the works, of 09:00 on the 2nd
        (Stage.AFTER, "2023-08-02 08:59", False, ["not_later"]),
        (Stage.AFTER, "2023-08-02 09:00", False, ["not_later"]),
        (Stage.AFTER, "2023-08-02 09:01", False, []),
        (Stage.ACCEPTANCE, "2023-08-01 09:00", False, ["not_later"]),
        (Stage.DURING, "2023-08-01 09:00", False, []),
        # clocks that nobody set
        (Stage.AFTER, "1970-01-01 08:00", False, ["clock_reset"]),
        (Stage.AFTER, "2000-01-01 00:03", False, ["clock_reset"]),
        (Stage.AFTER, "2004-12-31 23:59", False, ["clock_reset"]),
        (Stage.AFTER, "2023-01-01 01:59", False, ["clock_reset"]),
        (Stage.AFTER, "2023-01-01 02:00", False, ["before_issue", "not_later", "night"]),
        (Stage.AFTER, "2004-12-31 12:00", True, ["before_issue", "not_later"]),
        # by night
        (Stage.AFTER, "2023-08-17 20:00", False, ["night"]),
        (Stage.AFTER, "2023-08-17 19:59", False, []),
        (Stage.AFTER, "2023-08-17 04:59", False, ["night"]),
        (Stage.AFTER, "2023-08-17 05:00", False, []),
        (Stage.AFTER, "2023-08-17 22:00", True, []),
    ],
)
def test_when_it_was_taken(stage: Stage, at: str, *, by_hand: bool, questions: list[str]) -> None:
    photo = replace(GOOD, stage=stage, at=datetime.fromisoformat(at), at_by_hand=by_hand)
    assert asked(BEFORE, photo) == questions


def test_without_a_time_the_gap_is_told() -> None:
    silent = replace(GOOD, at=None, time_gap="像是截图，没有拍摄时间")
    assert asked(BEFORE, silent) == ["no_time"]
    assert "像是截图" in sentence(BEFORE, silent)


def test_the_latest_photo_before_the_works_counts_of_the_same_round_and_with_a_clock() -> None:
    late = replace(BEFORE, sha256="b2", at=GOOD.at + timedelta(hours=1) if GOOD.at else None)
    assert asked(BEFORE, late, GOOD) == ["not_later"]
    assert asked(BEFORE, replace(late, round=2), GOOD) == []
    assert asked(replace(BEFORE, at=datetime(2025, 1, 1, 0, 5)), GOOD) == []


def test_an_unknown_day_of_issue_asks_nothing() -> None:
    assert asked(replace(GOOD, issued_on=None, at=datetime(2010, 5, 5, 9, 0))) == []


def test_times_are_told_in_full() -> None:
    photo = replace(GOOD, at=datetime(2023, 8, 2, 8, 5))
    told = sentence(BEFORE, photo)
    assert told.startswith("整改后照片拍于2023年8月2日 08:05，不晚于整改前照片的2023年8月2日 09:00。")


# ------------------------------------------------------------------------------------------------------- size and twins


@pytest.mark.parametrize(
    ("width", "height", "questions"),
    [(640, 640, []), (639, 4000, ["too_small"]), (4000, 639, ["too_small"]), (0, 0, []), (1920, 1080, [])],
)
def test_how_large_it_is(width: int, height: int, questions: list[str]) -> None:
    assert asked(replace(GOOD, width=width, height=height)) == questions


def test_twins_are_named_and_counted() -> None:
    same = replace(GOOD, twins=(Twin("p2", "连桥村 0017 整改前", exact=True),))
    assert asked(same) == ["same_picture"]
    assert sentence(same) == "同一张照片也用在“连桥村 0017 整改前”。请看看是不是放错了。"
    many = replace(GOOD, twins=tuple(Twin(f"p{n}", f"连桥村 00{n} 整改后", exact=True) for n in range(10, 15)))
    assert sentence(many).endswith("“连桥村 0012 整改后”等 5 处。请看看是不是放错了。")


def test_a_changed_copy_and_a_mirrored_one() -> None:
    near = Twin("p2", "连桥村 0017 整改后", exact=False)
    assert asked(replace(GOOD, twins=(near,))) == ["nearly_same"]
    assert "左右相反" not in sentence(replace(GOOD, twins=(near,)))
    assert "左右相反" in sentence(replace(GOOD, twins=(replace(near, mirrored=True),)))


def test_an_answer_answers_the_same_figures_in_whatever_words() -> None:
    (one,) = questions_of([replace(GOOD, standing=Standing(312))], NOW, LIMITS)
    assert one.answered_by("站位在图斑外 312 米，要看看吗？")
    assert not one.answered_by("照片站位在图斑外 311 米，请看看是不是放错了图斑，或者站在远处拍的。")


@pytest.mark.parametrize(("mu", "metres"), [("1.8", 19), ("100", 145), ("0", 0)])
def test_the_circle_of_an_area(mu: str, metres: int) -> None:
    assert circle_radius(Area.parse(mu, AreaUnit.MU)) == metres


def test_only_the_night_is_soft() -> None:
    assert [one for one in PhotoQuestion if one.soft] == [PhotoQuestion.NIGHT]


def test_no_sentence_judges() -> None:
    """Facts and what would settle them; words of blame are for people."""
    photos = [
        replace(GOOD, has_place=False, standing=None, at=None, width=100, height=100),
        replace(GOOD, standing=Standing(400), at=datetime(2030, 1, 2, 3, 4)),
        replace(GOOD, standing=SIDE, direction=270_000, at=datetime(1970, 1, 1)),
        replace(GOOD, twins=(Twin("p2", "甲", exact=True), Twin("p3", "乙", exact=False, mirrored=True))),
    ]
    sentences = [one.sentence for one in questions_of([BEFORE, *photos], NOW, LIMITS)]
    assert len(sentences) >= 9
    for one in sentences:
        assert one.endswith("。")
        assert not any(word in one for word in ("虚假", "造假", "作假", "非法", "不合格", "错误", "!", "！"))
