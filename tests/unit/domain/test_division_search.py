"""A unit of the country is found by name, pinyin or initials, the likeliest first."""

from __future__ import annotations

import time

import pytest

from gengdi_desktop.domain.division_search import DivisionSearch
from gengdi_desktop.system.reference import division_search


@pytest.fixture(scope="module")
def search() -> DivisionSearch:
    return division_search()


def paths(search: DivisionSearch, typed: str) -> list[str]:
    return [" ".join(found.path) for found in search.search(typed)]


@pytest.mark.parametrize(
    "typed",
    ["白圩", "白圩乡", "baixu", "bai xu", "baiweixiang", "进贤白圩", "进贤 白圩", "白圩 进贤", "jxbx", "jiangxi bx"],
)
def test_a_township_is_the_first_that_is_found(search: DivisionSearch, typed: str) -> None:
    assert paths(search, typed)[0] == "江西省 南昌市 进贤县 白圩乡"


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("进贤县", "江西省 南昌市 进贤县"),
        ("东城区", "北京市 东城区"),
        ("北京 东华门", "北京市 东城区 东华门街道"),
        ("五里垦殖场", "江西省 南昌市 进贤县 五里垦殖场"),
        ("wulikenzhi", "江西省 南昌市 进贤县 五里垦殖场"),
    ],
)
def test_counties_streets_and_farms_are_found_too(search: DivisionSearch, typed: str, path: str) -> None:
    assert path in paths(search, typed)[:3]


def test_whole_names_come_before_beginnings_and_these_before_the_rest(search: DivisionSearch) -> None:
    found = [one.division.name for one in search.search("新华", limit=2000)]
    inside = next(at for at, name in enumerate(found) if not name.startswith("新华"))
    assert 0 < inside < len(found)
    assert all(not name.startswith("新华") for name in found[inside:])
    assert search.search("鼓楼区")[0].division.name == "鼓楼区"


def test_typing_on_narrows_and_typing_back_widens(search: DivisionSearch) -> None:
    for typed in ("b", "ba", "baix", "baixu"):
        last = search.search(typed)
    assert last[0].division.name == "白圩乡"
    assert search.search("minhe")[0].division.name.startswith("民和")
    assert search.search("baixu") == last


def test_nothing_typed_finds_nothing_and_nonsense_neither(search: DivisionSearch) -> None:
    assert search.search("") == search.search("  ") == ()
    assert search.search("没有这个地方") == ()
    assert len(search.search("a", limit=7)) == 7


def test_a_search_is_quick(search: DivisionSearch) -> None:
    """A fifth of a second is wished for, a tenth is usual; a busy machine is given ten times as long."""
    search.search("minhe")
    began = time.perf_counter()
    search.search("baixu")
    assert time.perf_counter() - began < 1.0
