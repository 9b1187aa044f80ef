"""Header texts brought to one spelling, with the unit taken off; and lines of labels such as ``单位：亩``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_BRACKETS = str.maketrans("[]{}〔〕【】〈〉《》「」", "()()()()()()()")
_LEADING_MARKS = "*※★☆●▲"
_TRAILING_MARKS = ":;,。、"
_SPACES = re.compile(r"\s+")
_IN_BRACKETS = re.compile(r"(?P<name>.+?)\((?:(?:面积|计量)?单位:?)?(?P<unit>[^()]+)\)")
_BEHIND_SIGN = re.compile(r"(?P<name>.+?)[/,:](?P<unit>[^/,:()]+)")
_LABEL = re.compile(r"(?P<name>[㐀-鿿()]{2,14}):\s*(?P<value>.*?)(?=\s*[㐀-鿿()]{2,14}:|$)", re.DOTALL)
_UNIT_LABELS = frozenset({"单位", "面积单位", "计量单位", "数量单位"})
_UNIT_SEPARATORS = re.compile(r"[、,/;\s()和及]+")


class NormalHeader(NamedTuple):
    """One header text."""

    name: str
    """NFKC, no blanks, one kind of brackets, capitals, without marks and without the unit."""
    unit: str
    """The unit behind it, in the same spelling; empty where there is none."""


def normalise(text: str) -> str:
    """One spelling for header texts: NFKC, no blanks, round half-width brackets, no marks, capitals."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    return plain.lstrip(_LEADING_MARKS).rstrip(_TRAILING_MARKS).upper()


def normal_header(text: str, units: Iterable[str]) -> NormalHeader:
    """The name of a column and the unit that stands behind it: ``面积（亩）``, ``面积/亩``, ``面积（单位：亩）``.

    Args:
        text: As it stands in the header.
        units: Normalised spellings of units; what else stands in brackets is part of the name.
    """
    name = normalise(text)
    for pattern in (_IN_BRACKETS, _BEHIND_SIGN):
        found = pattern.fullmatch(name)
        if found is not None and found["unit"] in units:
            return NormalHeader(found["name"].rstrip(_TRAILING_MARKS), found["unit"])
    return NormalHeader(name, "")


def labels_of(texts: Iterable[str]) -> dict[str, str]:
    """The labelled values of lines above or below a table: ``填报日期：2023年7月25日`` and the like.

    A label at the end of a cell takes its value from the next cell that holds something.
    """
    labels: dict[str, str] = {}
    waiting = ""
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS).strip()
        if not plain:
            continue
        found = list(_LABEL.finditer(plain))
        if waiting and not found:
            labels[waiting] = plain
        waiting = ""
        for match in found:
            name, value = match["name"].lstrip("("), match["value"].strip()
            labels[name] = value.rstrip(")") if "(" not in value else value
            waiting = "" if value else name
    return {name: value for name, value in labels.items() if value}


def stated_units(labels: dict[str, str], units: Iterable[str]) -> tuple[str, ...]:
    """The units that a line such as ``单位：亩、个`` states, in its order; the name of an office there is none."""
    found = []
    for name, value in labels.items():
        if name.rpartition("(")[2] in _UNIT_LABELS:
            found += [part for part in map(normalise, _UNIT_SEPARATORS.split(value)) if part in units]
    return tuple(found)
