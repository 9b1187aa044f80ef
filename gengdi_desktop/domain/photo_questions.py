"""What the program asks of a photo: facts with figures and what would settle them, never a verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import Choice, Stage
from gengdi_desktop.domain.days import day_text

_CIRCLE, _MILLI = 360_000, 1000
_OLDEST_CLOCK = datetime(2005, 1, 1)  # noqa: DTZ001  (wall clocks know no zone here)
_NEW_YEARS_NIGHT = time(2)
_GRACE = timedelta(hours=1)
_NIGHT_BEGINS, _NIGHT_ENDS = time(20), time(5)
_SEVERAL = 2
_SQUARE_METRES = 2000, 3_000_000
"""One millionth of a mu in square metres, as a fraction."""
_PI = 355, 113
_LATER_STAGES = frozenset({Stage.DURING, Stage.AFTER, Stage.ACCEPTANCE, Stage.SPOT_CHECK, Stage.REVISIT})
_AFTER_WORKS = _LATER_STAGES - {Stage.DURING}
_WINDS = ("正北", "东北", "正东", "东南", "正南", "西南", "正西", "西北")
_FIGURES = re.compile(r"\d+|“[^”]*”")
_TOLD = 3
"""So many other places are named in a sentence; the rest is counted."""


class PhotoQuestion(Choice):
    """What can be asked of a photo."""

    NO_PLACE = "no_place", "没有位置"
    OUTSIDE = "outside", "站位不在图斑"
    MAP_SHIFT = "map_shift", "坐标疑似偏移"
    LOOKS_AWAY = "looks_away", "朝向不对着图斑"
    NO_TIME = "no_time", "没有拍摄时间"
    CLOCK_RESET = "clock_reset", "相机没有对时"
    BEFORE_ISSUE = "before_issue", "早于清单下发"
    FUTURE = "future", "晚于现在"
    AFTER_ENTRY = "after_entry", "晚于收进台账"
    NOT_LATER = "not_later", "不晚于整改前照片"
    TOO_SMALL = "too_small", "照片太小"
    SAME_PICTURE = "same_picture", "同一张照片用在别处"
    NEARLY_SAME = "nearly_same", "几乎一样的照片用在别处"
    NIGHT = "night", "夜间拍摄"

    @property
    def soft(self) -> bool:
        """Whether it is only worth a look and never counted as open."""
        return self is PhotoQuestion.NIGHT


_OF_TWINS = {PhotoQuestion.SAME_PICTURE: True, PhotoQuestion.NEARLY_SAME: False}
"""Questions about other uses of a picture, and whether those are the very same bytes."""


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """From when on something is asked; data of the evidence rules.

    Args:
        edge_metres: Off the edge of an outline.
        centre_metres: From the middle, where there is no outline.
        direction_degrees: Beside the plot, from its nearest corner: half of what a phone sees, and its compass.
        magnetic_degrees: So much more where the direction is magnetic or does not say.
        place_metres: How wrong a phone's place may be.
        smallest_side: Pixels of the shorter side.
    """

    edge_metres: int = 50
    centre_metres: int = 200
    direction_degrees: int = 45
    magnetic_degrees: int = 15
    place_metres: int = 15
    smallest_side: int = 640


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the photographer stood, seen from the plot.

    Args:
        metres: Off the edge of the outline, 0 inside; from the middle where there is no outline.
        radius: Of the circle that has the plot's area, where there is no outline; None with one.
        seen_between: The directions (10⁻³ degree, clockwise) between which the plot is seen; None from inside.
        unshifted: By datum of phone maps, how far off it would be were one of the two coordinates read off such a map.
    """

    metres: int
    radius: int | None = None
    seen_between: tuple[int, int] | None = None
    unshifted: Mapping[str, int] | None = None

    @property
    def off(self) -> int:
        """Metres off the edge, or off the circle."""
        return self.metres if self.radius is None else max(0, self.metres - self.radius)

    def is_far(self, limits: PhotoLimits, metres: int | None = None) -> bool:
        """Whether it is farther off than a photographer stands."""
        away = self.metres if metres is None else metres
        if self.radius is None:
            return away > limits.edge_metres
        return away > max(limits.centre_metres, self.radius + limits.edge_metres)

    @property
    def words(self) -> str:
        """The state in words: 在图斑内, 距边界 312 米, 距中心 312 米."""
        if self.radius is not None:
            return f"距中心 {self.metres:,} 米"
        return f"距边界 {self.metres:,} 米" if self.metres else "在图斑内"


@dataclass(frozen=True, slots=True)
class Twin:
    """Another use of the same picture.

    Args:
        plot: The other plot's own id.
        name: Its name, with its stage: ``连桥村 0017 整改前``.
        exact: Whether byte by byte; else a changed copy.
        mirrored: Whether left and right are exchanged.
        attachment: The number of the other use in the ledger.
        sha256: The hash of the other photo.
    """

    plot: str
    name: str
    exact: bool
    mirrored: bool = False
    attachment: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    """A photo at a plot, with all that questions need; times are those of a clock on the wall in China.

    Args:
        plot: The plot's own id.
        attachment: Its number in the ledger.
        sha256: The hash of its bytes.
        stage: What it is said to show.
        round: The round to which it belongs.
        received: When it came into the ledger.
        issued_on: The day of the plot's first list; None where not known.
        width: In pixels, upright or not; 0 where not known.
        height: As ``width``.
        at: When it was taken; None where not known.
        at_by_hand: Whether a person said so.
        time_gap: Why there is no time.
        has_place: Whether it has one.
        place_gap: Why there is none.
        standing: Where it was taken; None without a place of the photo or of the plot.
        direction: Where the camera looked, 10⁻³ degree.
        true_north: Whether that is counted from true north.
        twins: Other uses of the same picture.
    """

    plot: str
    attachment: int
    sha256: str
    stage: Stage
    round: int
    received: datetime
    issued_on: date | None = None
    width: int = 0
    height: int = 0
    at: datetime | None = None
    at_by_hand: bool = False
    time_gap: str = ""
    has_place: bool = False
    place_gap: str = ""
    standing: Standing | None = None
    direction: int | None = None
    true_north: bool = False
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one photo."""

    question: PhotoQuestion
    photo: PhotoSeen
    sentence: str

    @property
    def beside(self) -> tuple[Twin, ...]:
        """Where the same picture stands, for a question about that; empty for others."""
        exact = _OF_TWINS.get(self.question)
        return tuple(twin for twin in self.photo.twins if twin.exact is exact)

    def answered_by(self, asked: str) -> bool:
        """Whether an answer to that sentence answers this one: the same figures and names, in whatever words."""
        return _FIGURES.findall(asked) == _FIGURES.findall(self.sentence)


def questions_of(photos: Sequence[PhotoSeen], now: datetime, limits: PhotoLimits) -> tuple[Asked, ...]:
    """All that is to be asked of the photos of one plot; papers are not asked.

    Args:
        photos: Of one plot, any stage and round.
        now: The clock on the wall.
        limits: From when on.
    """
    seen = [photo for photo in photos if photo.stage is not Stage.PAPER]
    shift = _shift(seen, limits)
    before = _latest_before(seen)
    found: list[Asked] = []
    for photo in seen:
        for question, sentence in (
            *_place(photo, limits, shift),
            *_direction(photo, limits),
            *_time(photo, now, before.get(photo.round)),
            *_size(photo, limits),
            *_twins(photo),
        ):
            found.append(Asked(question, photo, sentence))
    return tuple(found)


# ------------------------------------------------------------------------------------------------ place and direction

_Told = tuple[PhotoQuestion, str]


def _place(photo: PhotoSeen, limits: PhotoLimits, shift: tuple[str, int] | None) -> Iterator[_Told]:
    standing = photo.standing
    if not photo.has_place:
        why = photo.place_gap or "没有记位置"
        yield (
            PhotoQuestion.NO_PLACE,
            f"照片没有位置：{why}。找到原图就换上；找不到可以人工录入位置，写明原因。",
        )
    elif standing is not None and standing.is_far(limits):
        if shift is not None and _fits(standing, shift[0], limits):
            yield (
                PhotoQuestion.MAP_SHIFT,
                (
                    f"{shift[1]} 张照片都偏出图斑，这张{standing.words}；偏的方向和远近与手机地图的偏移（{shift[0]}）"
                    "相符。请问清照片或图斑的坐标是不是从手机地图上抄的。"
                ),
            )
        elif standing.radius is None:
            yield (
                PhotoQuestion.OUTSIDE,
                f"照片站位在图斑外 {standing.metres:,} 米，请看看是不是放错了图斑，或者站在远处拍的。",
            )
        else:
            yield (
                PhotoQuestion.OUTSIDE,
                (
                    f"照片站位离图斑中心 {standing.metres:,} 米，图斑没有边界，"
                    f"按面积折成半径 {standing.radius:,} 米的圆。请看看是不是放错了图斑。"
                ),
            )


def _shift(photos: Iterable[PhotoSeen], limits: PhotoLimits) -> tuple[str, int] | None:
    """The datum by whose shift several photos would lie at the plot, and how many; None where it explains too few."""
    far = {
        photo.sha256: photo.standing
        for photo in photos
        if photo.has_place and photo.standing is not None and photo.standing.is_far(limits)
    }
    counts: dict[str, int] = {}
    for standing in far.values():
        for datum in standing.unshifted or ():
            counts[datum] = counts.get(datum, 0) + _fits(standing, datum, limits)
    best = max(counts, key=lambda datum: counts[datum], default="")
    return (best, counts[best]) if best and counts[best] >= _SEVERAL else None


def _fits(standing: Standing, datum: str, limits: PhotoLimits) -> bool:
    metres = (standing.unshifted or {}).get(datum)
    if metres is None:
        return False
    return metres <= limits.edge_metres + (standing.radius or 0)


def _direction(photo: PhotoSeen, limits: PhotoLimits) -> Iterator[_Told]:
    standing = photo.standing
    if photo.direction is None or standing is None or standing.seen_between is None or standing.is_far(limits):
        return  # from inside one looks at it anyhow, and from far away it is asked for the place first
    if standing.off <= limits.place_metres:
        return
    beside = degrees_beside(photo.direction, standing.seen_between)
    doubt = math.degrees(math.asin(min(1.0, limits.place_metres / standing.off)))
    tolerated = limits.direction_degrees + doubt + (0 if photo.true_north else limits.magnetic_degrees)
    if beside > tolerated:
        first, last = (part // _MILLI for part in standing.seen_between)
        middle = (standing.seen_between[0] + _span(standing.seen_between) // 2) % _CIRCLE
        yield (
            PhotoQuestion.LOOKS_AWAY,
            (
                f"照片朝{wind(photo.direction)}（{photo.direction // _MILLI}°），图斑在站位的{wind(middle)}面"
                f"（{first}°至{last}°），相差 {math.floor(beside)}°。请看看拍的是不是这个图斑，指南针也可能不准。"
            ),
        )


def circle_radius(area: Area) -> int:
    """The metres of radius of a circle of that area: what stands for a plot without an outline."""
    return math.isqrt(area.micro_mu * _SQUARE_METRES[0] * _PI[1] // (_SQUARE_METRES[1] * _PI[0]))


def degrees_beside(direction: int, between: tuple[int, int]) -> float:
    """How many degrees a direction lies beside a span of directions, all in 10⁻³ degree; 0 within."""
    past = (direction - between[0]) % _CIRCLE
    if past <= _span(between):
        return 0.0
    return min(past - _span(between), _CIRCLE - past) / _MILLI


def wind(direction: int) -> str:
    """One of eight words for a direction of 10⁻³ degree."""
    return _WINDS[(direction + 22_500) % _CIRCLE // 45_000]


def _span(between: tuple[int, int]) -> int:
    return (between[1] - between[0]) % _CIRCLE


# ----------------------------------------------------------------------------------------------------------------- time


def _time(photo: PhotoSeen, now: datetime, before: datetime | None) -> Iterator[_Told]:
    at = photo.at
    if at is None:
        why = photo.time_gap or "没有记拍摄时间"
        yield PhotoQuestion.NO_TIME, f"照片没有拍摄时间：{why}。找到原图就换上；找不到可以人工录入时间，写明原因。"
        return
    if not photo.at_by_hand and is_reset_clock(at):
        yield (
            PhotoQuestion.CLOCK_RESET,
            f"照片时间是{_moment(at)}，像是相机没有对过时。请问清哪天拍的，人工录入时间并写明原因。",
        )
        return
    if at > now + _GRACE:
        yield PhotoQuestion.FUTURE, f"照片时间是{_moment(at)}，比现在还晚。请核对相机和电脑的时间。"
    elif at > photo.received + _GRACE:
        yield (
            PhotoQuestion.AFTER_ENTRY,
            f"照片时间是{_moment(at)}，而{_moment(photo.received)}就已收进台账。请核对相机的时间。",
        )
    if photo.stage in _LATER_STAGES and photo.issued_on is not None and at.date() < photo.issued_on:
        yield (
            PhotoQuestion.BEFORE_ISSUE,
            (
                f"{photo.stage.label}照片拍于{_moment(at)}，清单{day_text(photo.issued_on)}才下发。"
                "请看看环节是不是选错了，或相机时间不准。"
            ),
        )
    if photo.stage in _AFTER_WORKS and before is not None and at <= before:
        yield (
            PhotoQuestion.NOT_LATER,
            f"{photo.stage.label}照片拍于{_moment(at)}，不晚于整改前照片的{_moment(before)}。请看看前后是不是放反了。",
        )
    if not photo.at_by_hand and (at.time() >= _NIGHT_BEGINS or at.time() < _NIGHT_ENDS):
        yield PhotoQuestion.NIGHT, f"照片时间是{_moment(at)}，在夜里。请看看地块看不看得清。"


def is_reset_clock(at: datetime) -> bool:
    """Whether a camera's clock shows what it shows when nobody has set it."""
    return at < _OLDEST_CLOCK or (at.month == at.day == 1 and at.time() < _NEW_YEARS_NIGHT)


def _latest_before(photos: Iterable[PhotoSeen]) -> dict[int, datetime]:
    """The latest believable time of the photos before the works, by round."""
    found: dict[int, datetime] = {}
    for photo in photos:
        if photo.stage is Stage.BEFORE and photo.at is not None and (photo.at_by_hand or not is_reset_clock(photo.at)):
            found[photo.round] = max(photo.at, found.get(photo.round, photo.at))
    return found


# ------------------------------------------------------------------------------------------------------ size and twins


def _size(photo: PhotoSeen, limits: PhotoLimits) -> Iterator[_Told]:
    if 0 < min(photo.width, photo.height) < limits.smallest_side:
        yield (
            PhotoQuestion.TOO_SMALL,
            f"照片只有 {photo.width}×{photo.height} 像素，短边不到 {limits.smallest_side}。找得到原图请换上。",
        )


def _twins(photo: PhotoSeen) -> Iterator[_Told]:
    exact = [twin.name for twin in photo.twins if twin.exact]
    near = [twin for twin in photo.twins if not twin.exact]
    if exact:
        yield PhotoQuestion.SAME_PICTURE, f"同一张照片也用在{_listed(exact)}。请看看是不是放错了。"
    if near:
        mirrored = "左右相反，" if all(twin.mirrored for twin in near) else ""
        yield (
            PhotoQuestion.NEARLY_SAME,
            (
                f"照片与{_listed([twin.name for twin in near])}的一张几乎一样，{mirrored}"
                "可能缩小、裁边、加过水印。请把两张并排看看。"
            ),
        )


def _listed(names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    rest = len(different) - _TOLD
    return "、".join(f"“{name}”" for name in different[:_TOLD]) + (f"等 {len(different)} 处" if rest > 0 else "")


def _moment(at: datetime) -> str:
    return f"{day_text(at.date())} {at:%H:%M}"
