"""What a photo says of itself, in the ledger's units, and a plain word for each thing that it does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Any, Final

from gengdi_desktop.domain.choices import Choice
from gengdi_desktop.evidence import exif
from gengdi_desktop.evidence.exif import Tags


class PlaceGap(Choice):
    """Why a photo has no place."""

    CHAT = "chat", "疑似聊天软件转发，定位已丢失"
    SCREENSHOT = "screenshot", "像是截图，没有定位"
    NO_EXIF = "no_exif", "没有拍摄信息，没有定位"
    SWITCHED_OFF = "switched_off", "拍摄时没有打开定位"
    ZERO = "zero", "定位是零，拍摄时没有定上位"
    BROKEN = "broken", "定位信息损坏"
    SCAN = "scan", "扫描件，没有定位"


class TimeGap(Choice):
    """Why a photo has no time."""

    CHAT = "chat", "疑似聊天软件转发，拍摄时间已丢失"
    SCREENSHOT = "screenshot", "像是截图，没有拍摄时间"
    NO_EXIF = "no_exif", "没有拍摄信息，没有拍摄时间"
    MISSING = "missing", "没有记拍摄时间"
    ZERO = "zero", "拍摄时间是零，相机没有对过时"
    BROKEN = "broken", "拍摄时间损坏"
    SCAN = "scan", "扫描件，没有拍摄时间"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a file says of itself.

    Attributes:
        media_type: As its bytes tell.
        width: Pixels as stored, before it is turned; 0 for a PDF.
        height: As ``width``.
        orientation: The EXIF orientation 1 to 8 that a viewer must undo; 1 for HEIC, which is turned by its decoder.
        pages: Of a PDF; 0 for a picture.
        taken_at: As the camera's clock showed it, without a zone.
        taken_offset: The zone of that clock, ``+08:00``; empty where the file does not say.
        gps_at: The satellites' time, aware.
        longitude: 10⁻⁹ degree, east positive.
        latitude: 10⁻⁹ degree, north positive.
        altitude: Millimetres, below the sea negative.
        accuracy: Of the place, in millimetres.
        datum: The datum that the file names, such as ``WGS-84``.
        direction: In which the camera looked, 10⁻³ degree clockwise from north.
        direction_reference: ``T`` true north, ``M`` magnetic north, empty where the file does not say.
        device: Maker and model.
        software: The program that wrote the file last.
        place_gap: Why there is no place.
        time_gap: Why there is no time.
    """

    media_type: str
    width: int = 0
    height: int = 0
    orientation: int = 1
    pages: int = 0
    taken_at: datetime | None = None
    taken_offset: str = ""
    gps_at: datetime | None = None
    longitude: int | None = None
    latitude: int | None = None
    altitude: int | None = None
    accuracy: int | None = None
    datum: str = ""
    direction: int | None = None
    direction_reference: str = ""
    device: str = ""
    software: str = ""
    place_gap: PlaceGap | None = None
    time_gap: TimeGap | None = None

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as people see it."""
        return (self.height, self.width) if self.orientation >= _LYING else (self.width, self.height)

    def as_json(self) -> dict[str, Any]:
        """As texts and numbers, for a child process to hand back."""
        times = {
            name: at.isoformat() if at else None for name, at in (("taken_at", self.taken_at), ("gps_at", self.gps_at))
        }
        return asdict(self) | times

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> PhotoFacts:
        """What :meth:`as_json` gave."""
        own = dict(told)
        for name in ("taken_at", "gps_at"):
            own[name] = datetime.fromisoformat(own[name]) if own[name] else None
        own["place_gap"] = PlaceGap(own["place_gap"]) if own["place_gap"] else None
        own["time_gap"] = TimeGap(own["time_gap"]) if own["time_gap"] else None
        return cls(**own)


_LYING = 5
"""From this orientation on the picture lies on its side."""
_NANO, _MILLI, _FULL_CIRCLE = 10**9, 1000, 360
_DEGREES: Final = (180, 90)
_TIME = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_ZERO_TIME = re.compile(r"[0:/. T-]*")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_CHINA = "+08:00"
_ORIENTATIONS = range(1, 9)
_CHAT_NAMES = re.compile(
    r"(mmexport|wx_camera_|micro_?msg|微信图片|weixin|wechat|qq图片|qq截图|钉钉图片|dingtalk|tim图片|企业微信)",
    re.IGNORECASE,
)
_CAMERA_NAMES = re.compile(r"^(IMG|DSC[NF]?|PIC|P|DCIM|Camera|照片)?[_-]?\d{4,}", re.IGNORECASE)
_SCREEN_NAMES = re.compile(r"(screenshot|截屏|截图|屏幕快照|snipaste)", re.IGNORECASE)
_CHAT_LONGEST_SIDE, _CHAT_QUALITY = 2560, 88


@dataclass(frozen=True, slots=True)
class Seen:
    """What beside the EXIF tells how a file came: its name, kind, size, and the quality with which it was encoded."""

    name: str
    media_type: str
    width: int
    height: int
    quality: int = 0


def facts_of(seen: Seen, raw_exif: bytes, *, turned: bool = False) -> PhotoFacts:
    """The facts of a picture.

    Args:
        seen: The file beside its EXIF.
        raw_exif: The EXIF bytes; empty where there are none.
        turned: Whether its decoder turns it upright already.
    """
    facts = PhotoFacts(seen.media_type, seen.width, seen.height)
    tags = exif.read_tags(raw_exif) if raw_exif else None
    if tags is None or not (tags.main or tags.photo or tags.gps):
        broken = bool(raw_exif)
        return replace(
            facts,
            place_gap=PlaceGap.BROKEN if broken else PlaceGap(_without_exif(seen)),
            time_gap=TimeGap.BROKEN if broken else TimeGap(_without_exif(seen)),
        )
    at, offset, time_gap = _taken(tags)
    gps_at = _gps_time(tags)
    if at is None and gps_at is not None:
        # Satellites tell the time of the world; people here read the clock of China.
        at, offset, time_gap = (gps_at + timedelta(hours=8)).replace(tzinfo=None), _CHINA, None
    longitude, latitude, place_gap = _place(tags)
    if place_gap is PlaceGap.SWITCHED_OFF and _CHAT_NAMES.search(seen.name):
        place_gap = PlaceGap.CHAT
    direction = _direction(tags)
    return replace(
        facts,
        orientation=1 if turned else _orientation(tags),
        taken_at=at,
        taken_offset=offset,
        gps_at=gps_at,
        longitude=longitude,
        latitude=latitude,
        altitude=_altitude(tags),
        accuracy=_scaled(tags.gps.get(exif.POSITION_ERROR), _MILLI),
        datum=exif.text_of(tags.gps.get(exif.DATUM)),
        direction=direction,
        direction_reference=_reference(tags, exif.DIRECTION_REF, "TM") if direction is not None else "",
        device=_device(tags),
        software=exif.text_of(tags.main.get(exif.SOFTWARE)),
        place_gap=place_gap,
        time_gap=time_gap,
    )


def _without_exif(seen: Seen) -> str:
    """Cameras always write EXIF; who took it away is told by the name, or by size and quality of the encoding."""
    if _CHAT_NAMES.search(seen.name):
        return "chat"
    if seen.media_type == "image/png" or _SCREEN_NAMES.search(seen.name):
        return "screenshot" if _SCREEN_NAMES.search(seen.name) else "no_exif"
    small = max(seen.width, seen.height) <= _CHAT_LONGEST_SIDE
    if _CAMERA_NAMES.match(seen.name) and (small or 0 < seen.quality <= _CHAT_QUALITY):
        return "chat"
    return "no_exif"


def _orientation(tags: Tags) -> int:
    found = exif.fractions_of(tags.main.get(exif.ORIENTATION))
    value = int(found[0]) if found and found[0] is not None else 1
    return value if value in _ORIENTATIONS else 1


def _device(tags: Tags) -> str:
    make, model = exif.text_of(tags.main.get(exif.MAKE)), exif.text_of(tags.main.get(exif.MODEL))
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


# ---------------------------------------------------------------------------------------------------------------- time


def _taken(tags: Tags) -> tuple[datetime | None, str, TimeGap | None]:
    """The first of the camera's times that can be read, its offset, and why there is none."""
    gap = TimeGap.BROKEN if "photo" in tags.broken else TimeGap.MISSING
    for part, tag, fraction in (
        (tags.photo, exif.TAKEN_AT, exif.TAKEN_FRACTION),
        (tags.photo, exif.DIGITISED_AT, exif.DIGITISED_FRACTION),
        (tags.main, exif.CHANGED_AT, exif.CHANGED_FRACTION),
    ):
        if tag not in part:
            continue
        said = exif.text_of(part[tag])
        at = _camera_time(said)
        if at is not None:
            digits = exif.text_of(tags.photo.get(fraction))
            micro = int(digits[:6].ljust(6, "0")) if digits.isascii() and digits.isdigit() else 0
            return at.replace(microsecond=micro), _offset(tags, said), None
        gap = TimeGap.ZERO if _ZERO_TIME.fullmatch(said) else TimeGap.BROKEN
    return None, "", gap


def _camera_time(said: str) -> datetime | None:
    match = _TIME.match(said)
    if match is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  (a camera's clock knows no zone)
    except ValueError:
        return None


def _offset(tags: Tags, said: str) -> str:
    """The zone that a tag names, else one written behind the time itself."""
    for text in (
        exif.text_of(tags.photo.get(exif.TAKEN_OFFSET)),
        exif.text_of(tags.photo.get(exif.ANY_OFFSET)),
        said[19:],
    ):
        match = _OFFSET.search(text)
        if match is not None and int(match[2]) <= 14 and int(match[3]) < 60:  # noqa: PLR2004  (hours, minutes)
            return f"{match[1]}{match[2]}:{match[3]}"
    return ""


def _gps_time(tags: Tags) -> datetime | None:
    day = re.fullmatch(r"(\d{4})[:-](\d{1,2})[:-](\d{1,2})", exif.text_of(tags.gps.get(exif.GPS_DATE)))
    parts = exif.fractions_of(tags.gps.get(exif.GPS_TIME))
    if day is None or len(parts) < 3 or None in parts[:3]:  # noqa: PLR2004  (hour, minute, second)
        return None
    hour, minute, second = (int(part or 0) for part in parts[:3])
    try:
        return datetime.combine(date(*map(int, day.groups())), time(hour, minute, second), UTC)
    except ValueError:
        return None


def aware(at: datetime, offset: str) -> datetime:
    """A camera's time in its zone; China's where the file names none."""
    match = _OFFSET.fullmatch(offset or _CHINA)
    if match is None:
        return aware(at, _CHINA)
    minutes = int(match[2]) * 60 + int(match[3])
    return at.replace(tzinfo=timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)))


# -------------------------------------------------------------------------------------------------- place and direction


def _place(tags: Tags) -> tuple[int | None, int | None, PlaceGap | None]:
    if not tags.gps_named:
        return None, None, PlaceGap.BROKEN if "main" in tags.broken else PlaceGap.SWITCHED_OFF
    there = [tag in tags.gps for tag in (exif.LONGITUDE, exif.LATITUDE)]
    if not any(there):
        return None, None, PlaceGap.BROKEN if "gps" in tags.broken else PlaceGap.SWITCHED_OFF
    longitude, latitude = exif.degrees_of(tags.gps.get(exif.LONGITUDE)), exif.degrees_of(tags.gps.get(exif.LATITUDE))
    if longitude is None or latitude is None:
        # Cameras that found no satellite write the tags all the same, every denominator nought.
        return None, None, PlaceGap.ZERO if _nothing_found(tags) else PlaceGap.BROKEN
    if longitude == 0 and latitude == 0:
        return None, None, PlaceGap.ZERO
    if any(abs(value) > most for value, most in zip((longitude, latitude), _DEGREES, strict=True)):
        return None, None, PlaceGap.BROKEN
    # Without a reference the hemisphere of China is meant; a negative number says it by itself.
    if _reference(tags, exif.LONGITUDE_REF, "EW") == "W":
        longitude = -abs(longitude)
    if _reference(tags, exif.LATITUDE_REF, "NS") == "S":
        latitude = -abs(latitude)
    return round(longitude * _NANO), round(latitude * _NANO), None


def _nothing_found(tags: Tags) -> bool:
    pairs = [pair for tag in (exif.LONGITUDE, exif.LATITUDE) for pair in tags.gps.get(tag, ())]
    return bool(pairs) and all(isinstance(pair, tuple) and pair[0] == 0 for pair in pairs)


def _direction(tags: Tags) -> int | None:
    found = exif.fractions_of(tags.gps.get(exif.DIRECTION))
    if not found or found[0] is None or not 0 <= found[0] <= _FULL_CIRCLE:
        return None
    return round(found[0] * _MILLI) % (_FULL_CIRCLE * _MILLI)


def _altitude(tags: Tags) -> int | None:
    height = _scaled(tags.gps.get(exif.ALTITUDE), _MILLI)
    reference = tags.gps.get(exif.ALTITUDE_REF)
    below = reference in {b"\x01", b"1", (1,)}
    return -height if height is not None and below else height


def _scaled(value: exif.Value | None, scale: int) -> int | None:
    found = exif.fractions_of(value)
    return round(Fraction(found[0]) * scale) if found and found[0] is not None else None


def _reference(tags: Tags, tag: int, known: str) -> str:
    """A reference letter; empty where it is missing or none of the known ones."""
    letter = exif.text_of(tags.gps.get(tag))[:1].upper()
    return letter if letter and letter in known else ""
