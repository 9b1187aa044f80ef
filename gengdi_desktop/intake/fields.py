"""The fields that columns of foreign lists can be: their names, their kinds, and all spellings of their headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from gengdi_desktop.domain.areas import AreaUnit
from gengdi_desktop.sheets.header_text import normalise
from gengdi_desktop.sheets.headers import Vocabulary
from gengdi_desktop.system.resources import resource


class FieldKind(StrEnum):
    """What the cells of a field hold."""

    AREA = "area"
    DATE = "date"
    IDENTITY = "identity"
    PLACE = "place"
    YEAR = "year"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its stable code, its Chinese name for people, and what its cells hold."""

    code: str
    label: str
    kind: FieldKind


IDENTITY_FIELDS = ("own_id", "bsm", "clue_no", "monitor_no", "plot_no", "local_no")
"""In the order in which they tell plots apart."""

PLACE_FIELDS = (
    "county_code",
    "county_name",
    "region_name",
    "township_code",
    "township_name",
    "zldw_code",
    "zldw_name",
    "village_name",
    "group_name",
)

ISSUED_AREA_FIELDS = (
    "rect_target_area",
    "outflow_area",
    "cultivated_area",
    "plot_area",
    "illegal_cultivated_area",
    "illegal_area",
    "class_area",
)
"""Which area a list means as the task, the first that it has: what is to be put right, else what flowed out, else the
cultivated area, else the whole plot; lists of illegal use say the same under names of their own."""

PRIVATE_FIELDS = frozenset({"party_phone", "party_id_number", "bank_account", "reporter", "reporter_phone"})
"""Fields whose cells are never kept in the clear, whatever stands in them."""

_LABELS = {
    "own_id": "本台账编号",
    "plot_no": "图斑编号（村内）",
    "monitor_no": "监测图斑编号",
    "local_no": "自查编号",
    "village_name": "村",
    "zldw_name": "坐落单位",
    "region_name": "行政区",
    "township_name": "乡镇",
    "county_name": "县（市、区）",
    "pbf_area": "永久基本农田面积",
    "class_before_name": "流出前地类",
    "class_after_name": "流出后地类",
    "occupy_use": "现状用途",
    "party_name": "占用主体",
    "lon": "经度",
    "lat": "纬度",
}
_AREA_UNITS = (
    "亩",
    "市亩",
    "MU",
    "万亩",
    "平方米",
    "平米",
    "M2",
    "M^2",
    "公顷",
    "HA",
    "HM2",
    "平方公里",
    "平方千米",
    "KM2",
)
_OTHER_UNITS = ("个", "宗", "块", "处", "户", "人", "张", "%", "元", "万元", "元/亩", "米", "M", "度", "天")


@cache
def fields() -> Mapping[str, Field]:
    """All fields by code, in the order of the data file."""
    return {code: Field(code, _LABELS.get(code, names[0]), _kind(code)) for code, names in _synonyms().items()}


@cache
def spellings() -> Mapping[str, str]:
    """Normalised header text → field code; no spelling belongs to two fields."""
    return {normalise(name): code for code, names in _synonyms().items() for name in names}


@cache
def vocabulary() -> Vocabulary:
    """What the search for headers needs to know of columns and units."""
    return Vocabulary(names=frozenset(spellings()), units=frozenset({*_AREA_UNITS, *_OTHER_UNITS}))


@cache
def default_units() -> Mapping[str, AreaUnit]:
    """Normalised header text → the unit that survey fields of this name have by definition."""
    data = json.loads(resource("intake/header_units.json").read_text(encoding="utf-8"))
    return {normalise(name): unit for unit in AreaUnit for name in data.get(unit.value, ())}


def label_of(code: str) -> str:
    """The Chinese name of a field."""
    return fields()[code].label


@cache
def _synonyms() -> Mapping[str, list[str]]:
    data: Mapping[str, list[str]] = json.loads(resource("intake/header_synonyms.json").read_text(encoding="utf-8"))
    return data


def _kind(code: str) -> FieldKind:
    if code in IDENTITY_FIELDS:
        return FieldKind.IDENTITY
    if code in PLACE_FIELDS:
        return FieldKind.PLACE
    if code.endswith("_area"):
        return FieldKind.AREA
    if code.endswith("_date") or code == "plan_deadline":
        return FieldKind.DATE
    return FieldKind.YEAR if code == "outflow_year" else FieldKind.TEXT
