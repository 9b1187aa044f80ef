"""Names of attributes as headers; what a shapefile has cut is made whole where only one field can be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gengdi_desktop.intake.fields import IDENTITY_FIELDS, label_of, spellings
from gengdi_desktop.sheets.header_text import normalise

CENTRE_HEADS = ("中心点经度", "中心点纬度")
"""The columns that layers of points get."""

_CUT = 10
_HALF_BRACKET = re.compile(r"[(（][^)）]*$")
_TITLES = frozenset({"name", "Name", "NAME"})


def full_heads(names: Sequence[str]) -> list[str]:
    """The headers for attributes.

    A title (KML's ``name``) counts as the number of the plot where nothing else names it.
    """
    found = [_whole(name) for name in names]
    known = spellings()
    if not any(known.get(normalise(name)) in IDENTITY_FIELDS for name in found):
        return [label_of("plot_no")[:4] if name in _TITLES else name for name in found]
    return found


def _whole(name: str) -> str:
    known = spellings()
    if normalise(name) in known or not _is_cut(name):
        return name
    bare = _HALF_BRACKET.sub("", name)
    if normalise(bare) in known:
        return bare
    beginning = normalise(bare)
    if not beginning:
        return name
    longer = [spelling for spelling in known if spelling.startswith(beginning)]
    return min(longer, key=len) if len(_fields(longer)) == 1 else name


def _is_cut(name: str) -> bool:
    """Whether a name is as long as shapefiles allow, in one of the codings: no more can follow."""
    return any(_CUT - 1 <= len(name.encode(coding)) <= _CUT for coding in ("gb18030", "utf-8"))


def _fields(names: Iterable[str]) -> set[str]:
    known = spellings()
    return {known[name] for name in names}
