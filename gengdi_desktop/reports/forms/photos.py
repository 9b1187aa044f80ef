"""The photos of forms: upright pictures for printing, words below them, and which files are gone or damaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.compass import direction_words
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence.pictures import picture
from gengdi_desktop.evidence.records import BY_HAND, Attachment, KnownPhoto
from gengdi_desktop.evidence.service import photos, read

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_PRINTED_WIDTH: Final = 1000
_LEAST_WIDTH, _MOST_WIDTH = 900, 1500
"""What half a page of paper shows well, and what it need not hold more than."""
_STEPS: Final = (8, 4, 2, 1)
"""A JPEG is decoded at an eighth, a quarter, half of its size for less than it takes to make it smaller afterwards."""


@dataclass(frozen=True, slots=True)
class PlotPhotos:
    """The files of one plot, ready for paper.

    Args:
        pictures: Upright JPEGs by hash.
        broken: What stands in the place of a file that cannot be shown, by hash.
        words: Time, direction and what was said by hand, by hash.
    """

    pictures: Mapping[str, bytes]
    broken: Mapping[str, str]
    words: Mapping[str, str]


def plot_photos(ledger: Ledger, files: Sequence[Attachment], *, keep: bool = True) -> PlotPhotos:
    """Look at every file of a plot: pictures are made small and upright, the others only read to their end.

    Args:
        ledger: The open ledger.
        files: Of one plot.
        keep: Whether the small pictures stay in the cache folder.
    """
    known = photos(ledger, [one.sha256 for one in files if one.picture])
    pictures: dict[str, bytes] = {}
    broken: dict[str, str] = {}
    for one in {file.sha256: file for file in files}.values():
        try:
            if one.picture:
                pictures[one.sha256] = picture(ledger, one.sha256, printed_width(known.get(one.sha256)), keep=keep)
            else:
                read(ledger, one.sha256)
        except (RuleError, SurroundingsError) as found:
            gone = _GONE.get(found.code, "打不开，不能当图片印出")
            broken[one.sha256] = f"“{one.name}”{gone}"
    return PlotPhotos(pictures, broken, {sha256: _words(one) for sha256, one in known.items()})


def printed_width(known: KnownPhoto | None) -> int:
    """How wide a photo is made for paper: by whole steps of its own size where one of them fits."""
    across = known.facts.upright_size[0] if known is not None else 0
    steps = (-(-across // step) for step in _STEPS)
    return next((wide for wide in steps if _LEAST_WIDTH <= wide <= _MOST_WIDTH), _PRINTED_WIDTH)


_GONE: Final = {
    "file_missing": "不在台账文件夹里了", "file_damaged": "内容被改动或损坏", "file_awaited": "待补，还没有送来",
}  # fmt: skip


def _words(known: KnownPhoto) -> str:
    """``2023-8-16 09:30　东南向``, with the mark of what a person said."""
    at = known.at
    taken = f"{at.year}-{at.month}-{at.day} {at:%H:%M}" if at is not None else ""
    parts = (taken, direction_words(known.direction), BY_HAND if known.by_hand else "")
    return "　".join(part for part in parts if part)
