"""What a file says of its coordinate system, by name and by parameters; nothing is relabelled here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError


class Datum(StrEnum):
    """The frames that files of this country are in."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"
    XIAN80 = "xian80"
    BEIJING54 = "beijing54"
    OTHER = "other"
    UNSAID = "unsaid"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS: Final = {
    Datum.CGCS2000: "2000 国家大地坐标系",
    Datum.WGS84: "WGS 84",
    Datum.XIAN80: "西安 80 坐标系",
    Datum.BEIJING54: "北京 54 坐标系",
    Datum.OTHER: "别的坐标系",
    Datum.UNSAID: "没有说明",
}
# The first that fits; a text that names two frames is of neither.
_NAMES: Final = (
    (
        Datum.CGCS2000,
        re.compile(r"china[ _]?(?:geodetic[ _]coordinate[ _]system[ _])?2000|cgcs[ _]?2000|国家2000|2000国家"),
    ),
    (Datum.XIAN80, re.compile(r"xi'?an[ _]?(?:19)?80|西安(?:19)?80|1980西安")),
    (Datum.BEIJING54, re.compile(r"beijing[ _]?(?:19)?54|北京(?:19)?54|1954(?:年)?北京|krassows?ky")),
    (Datum.WGS84, re.compile(r"wgs[ _]?(?:19)?84|world geodetic system 1984")),
)
_ELLIPSOIDS: Final = (
    (Datum.CGCS2000, 6_378_137.0, 298.257222101),
    (Datum.WGS84, 6_378_137.0, 298.257223563),
    (Datum.XIAN80, 6_378_140.0, 298.257),
    (Datum.BEIJING54, 6_378_245.0, 298.3),
)
_SAME_METRES: Final = 0.01
_SAME_FLATTENING: Final = 1e-7  # 2000 and WGS 84 differ by 1.5e-6
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file says.

    Args:
        datum: Its frame; OTHER too where name and parameters contradict each other.
        name: What the file calls it; empty where it says nothing.
        crs: As it can be reckoned with; None where nothing is said or it cannot be read.
        contradiction: Chinese sentence where name and parameters do not fit; empty else.
    """

    datum: Datum
    name: str = ""
    crs: CRS | None = None
    contradiction: str = ""


UNSAID: Final = Declared(Datum.UNSAID)


def declared_by_wkt(text: str) -> Declared:
    """What a ``.prj`` or the definition of a GeoPackage says; what cannot be read counts as not said."""
    written = text.strip().strip("\x00\ufeff")
    if not written or len(written) > _LONGEST or written == "undefined":
        return UNSAID
    try:
        crs = CRS.from_wkt(written)
    except CRSError:
        return UNSAID
    return _declared(crs, written)


def declared_by_code(code: int) -> Declared:
    """What an EPSG code means; unknown ones count as not said."""
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return UNSAID
    return _declared(crs, crs.name + (crs.datum.name if crs.datum is not None else ""))


def declared_by_name(text: str) -> Declared:
    """What a name alone says: a frame, with which nothing can be reckoned; one that is not known says nothing."""
    named = _by_name(text[:_LONGEST])
    return UNSAID if named is None else Declared(named, text.strip())


def _declared(crs: CRS, written: str) -> Declared:
    if not (crs.is_geographic or crs.is_projected):
        return UNSAID
    named = _by_name(written)
    shaped = _by_ellipsoid(crs)
    if named is None:
        # A name of one's own over the ellipsoid of 2000 means that frame; a registered one of elsewhere does not.
        own = shaped is Datum.CGCS2000 and crs.to_authority() is None
        return Declared(Datum.CGCS2000 if own else Datum.OTHER, crs.name, crs)
    fitting = shaped is named or {shaped, named} == {Datum.CGCS2000, Datum.WGS84}
    if not fitting:
        told = f"坐标系的名字“{crs.name}”和它的椭球参数对不上。"
        return Declared(Datum.OTHER, crs.name, crs, told)
    return Declared(named, crs.name, crs)


def _by_name(written: str) -> Datum | None:
    plain = written.lower()
    found = [datum for datum, pattern in _NAMES if pattern.search(plain)]
    return found[0] if len(found) == 1 else None


def _by_ellipsoid(crs: CRS) -> Datum:
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        return Datum.OTHER
    for datum, axis, flattening in _ELLIPSOIDS:
        same_size = abs(ellipsoid.semi_major_metre - axis) < _SAME_METRES
        if same_size and abs(ellipsoid.inverse_flattening - flattening) < _SAME_FLATTENING:
            return datum
    return Datum.OTHER
