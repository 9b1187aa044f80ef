"""A raster of the office's own (an aerial photo, a scanned map) made small enough to lie behind a map.

:func:`read_ground` stays in this process and keeps what was made in the cache folder; what stands in
:mod:`gengdi_desktop.geo.raster_reading` runs in a child with limits on memory and time: rasters are foreign files.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.geo.localities import Locality
from gengdi_desktop.geo.outlines import Box
from gengdi_desktop.system.child import ChildEnd, ChildFailure, read_spool, run_child
from gengdi_desktop.system.files import copy_whole, write_whole
from gengdi_desktop.system.paths import cache_folder

ENDINGS: Final = (".tif", ".tiff", ".jpg", ".jpeg", ".png")
MEMORY_MB: Final = 2048
SECONDS: Final = 300
MOST_PIXELS: Final = 16_000_000
"""Of what is made: a township of ten kilometres at two and a half metres a pixel."""
_FOLDER: Final = "grounds"
_VERSION: Final = 1
_MOST_KEPT: Final = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """A raster that may lie behind a map.

    Attributes:
        picture: A JPEG, north up, its columns and rows at equal steps of degrees.
        box: Around it.
        edge: Longitude and latitude of the corners of what the raster covers; beyond them the picture is blank.
        finer: Whether the raster itself is clearly finer: a smaller box shows more.
        notes: Codes and Chinese sentences for a person.
    """

    picture: bytes
    box: Box
    edge: tuple[tuple[float, float], ...]
    finer: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def read_ground(
    path: Path,
    box: Box,
    near: Locality | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    pixels: int = MOST_PIXELS,
) -> Ground:
    """The part of a raster that lies in a box.

    GeoTIFF, or TIFF, JPEG and PNG with a world file beside them; in CGCS2000, told by name or by magnitude. What was
    made is kept, and used again while the file stays as it is.

    Args:
        path: The raster; it is only read.
        box: What is needed of it.
        near: Where it is expected; tells the zone of eastings without a number.
        cancelled: Asked while the child works.
        pixels: How many the picture has at most.

    Raises:
        SurroundingsError: ``file_missing``, ``raster_damaged``, ``raster_kind``, ``raster_unplaced``,
            ``raster_foreign``, ``raster_unknown``, ``raster_elsewhere``, ``raster_too_large``.
        Cancelled: ``cancelled`` answered true.
    """
    if not path.is_file():
        raise raster_refusal("file_missing")
    kept = cache_folder() / _FOLDER / _name_of(path, box, pixels)
    found = _kept(kept)
    if found is not None:
        return found
    with tempfile.TemporaryDirectory(prefix="gengdi-ground-") as folder:
        picture, spool = Path(folder) / "ground.jpg", Path(folder) / "answer"
        arguments: dict[str, Any] = {"path": str(path.absolute()), "box": list(box), "pixels": pixels}
        arguments["out"] = str(picture)
        if near is not None:
            arguments["near"] = [near.name, *near.centre, near.reach]
        try:
            run_child(
                "gengdi_desktop.geo.raster_reading:serve",
                arguments,
                spool=spool,
                memory_mb=MEMORY_MB,
                seconds=SECONDS,
                cancelled=cancelled,
            )
        except ChildFailure as failed:
            raise raster_refusal("raster_damaged" if failed.end is ChildEnd.CRASH else "raster_too_large") from failed
        [told] = read_spool(spool)
        made = _ground(picture.read_bytes(), told)
        _keep(kept, picture, told)
    return made


def _ground(picture: bytes, told: dict[str, Any]) -> Ground:
    edge = tuple((east, north) for east, north in told["edge"])
    return Ground(
        picture, Box(*told["box"]), edge, bool(told["finer"]), tuple((code, words) for code, words in told["notes"])
    )


def _name_of(path: Path, box: Box, pixels: int) -> str:
    """Changes with the file, with what lies beside it under the same name, and with the box."""
    beside = sorted(one for one in path.parent.glob(f"{_literal(path.stem)}.*") if one.is_file())
    known = [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in beside]
    return hashlib.sha256(repr((_VERSION, str(path.absolute()), known, tuple(box), pixels)).encode()).hexdigest()[:32]


def _literal(name: str) -> str:
    return "".join(f"[{one}]" if one in "[*?" else one for one in name)


def _kept(place: Path) -> Ground | None:
    try:
        told = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
        return _ground(place.with_suffix(".jpg").read_bytes(), told)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not there, or half of it: it is made again


def _keep(place: Path, picture: Path, told: dict[str, Any]) -> None:
    """Put what was made into the cache, and take the oldest out of it; a cache that refuses costs only time."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        copy_whole(picture, place.with_suffix(".jpg"))
        write_whole(place.with_suffix(".json"), json.dumps(told).encode())
        pictures = sorted(place.parent.glob("*.jpg"), key=lambda one: one.stat().st_mtime)
        for old in pictures[:-_MOST_KEPT]:
            for one in (old, old.with_suffix(".json")):
                with contextlib.suppress(OSError):
                    one.unlink()
    except (OSError, SurroundingsError) as failed:
        _log.info("ground not kept: %s", failed)


# ----------------------------------------------------------------------------------------------------------- sentences

_NOT_TAKEN: Final = "没有当底图。"
_SENTENCES: Final = {
    "file_missing": ("找不到这张图，可能已被移走，或者所在的盘没有插好。", "请插好盘，或另选一张。"),
    "raster_damaged": (f"这张图坏了或不完整，读不出来，{_NOT_TAKEN}", "请重新拷贝，或换一张。"),
    "raster_kind": (
        f"这张图不是 8 位的彩色或灰度影像，画不出来，{_NOT_TAKEN}",
        "请让制图的人另存为 8 位的 GeoTIFF。",
    ),
    "raster_unplaced": (
        f"图里没有写它在哪里，旁边也没有同名的坐标文件（.tfw、.jgw、.pgw），{_NOT_TAKEN}",
        "请把坐标文件和图放在一起再选。",
    ),
    "raster_foreign": (
        "这张图的坐标系是{0}，不是 2000 国家大地坐标系，不能直接当它用，" + _NOT_TAKEN,
        "请让自然资源部门转换成 2000 国家大地坐标系。",
    ),
    "raster_unknown": (f"认不出这张图的坐标系，{_NOT_TAKEN}", "请补上坐标系说明（.prj），或换用坐标带带号的图。"),
    "raster_elsewhere": (f"这张图不在图斑所在的地方，{_NOT_TAKEN}", "请核对是不是本乡镇的图。"),
    "raster_too_large": (
        f"这张图太大，读它要的时间或内存超过上限，已经停止，{_NOT_TAKEN}",
        "请让制图的人只裁出本乡镇，或另存为分块的 GeoTIFF。",
    ),
}


def raster_refusal(code: str, *named: str) -> SurroundingsError:
    """The error for a reason; the code is the reason itself."""
    message, hint = _SENTENCES[code]
    return SurroundingsError(code, message.format(*named), hint)
