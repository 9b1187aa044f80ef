"""What somebody types finds the texts that are meant, by sign, by sound and by initials."""

from __future__ import annotations

import time

import pytest

from gengdi_desktop.system.pinyin import matcher, readings


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("白圩", "进贤县白圩乡"),
        ("baixu", "白圩乡"),
        ("baiwei", "白圩乡"),
        ("bx", "白圩乡"),
        ("bw", "白圩乡"),
        ("baix", "白圩乡"),
        ("bxu", "白圩乡"),
        ("bxx", "白圩乡"),
        ("bai xu", "白圩乡"),
        ("BaiXu", "白圩乡"),
        ("ｂｘ", "白圩乡"),
        ("白xu", "白圩乡"),
        ("b圩", "白圩乡"),
        ("baix", "江西省南昌市进贤县白圩乡"),
        ("jxbx", "进贤白圩乡"),
        ("xi'an", "西安村"),
        ("xian", "西安村"),
        ("xian", "进贤县"),
        ("le", "乐平市"),
        ("yue", "乐清市"),
        ("yueqing", "乐清市"),
        ("lv", "吕家村"),
        ("lu", "吕家村"),
        ("lü", "吕家村"),
        ("lvjia", "吕家村"),
        ("nv", "女儿村"),
        ("nue", "疟疾"),
        ("zhsh", "中山村"),
        ("zs", "中山村"),
        ("zhongsh", "中山村"),
        ("zhongs", "中山村"),
        ("chongq", "重庆"),
        ("zhongq", "重庆"),
        ("bx3z", "白圩3组"),
        ("3组", "白圩３组"),
        ("lh", "岚湖 社区"),
        ("lanhusq", "岚湖 社区"),
        ("tb-01", "TB-01 白圩"),
        ("", "白圩乡"),
        ("  ", "白圩乡"),
    ],
)
def test_what_is_typed_finds_the_text(typed: str, text: str) -> None:
    assert matcher(typed)(text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("bz", "白圩乡"),
        ("aixu", "白圩乡"),
        ("baxu", "白圩乡"),
        ("xb", "白圩乡"),
        ("bxxx", "白圩乡"),
        ("bx", "白家圩"),
        ("zhh", "中山村"),
        ("圩白", "白圩乡"),
        ("a", ""),
        ("tb01", "TB-02"),
    ],
)
def test_what_is_not_meant_is_not_found(typed: str, text: str) -> None:
    assert not matcher(typed)(text)


def test_characters_know_all_their_readings() -> None:
    assert set(readings("圩")) >= {"wei", "xu"}
    assert set(readings("乐")) >= {"le", "yue"}
    assert readings("吕") == ("lv",)
    assert readings("a") == readings("，") == ()


def test_five_thousand_texts_take_no_longer_than_a_keystroke() -> None:
    """Far above what is measured (about 20 ms), below what a person would notice."""
    texts = [
        f"{unit}{village}{number}组"
        for unit in ("白圩乡", "民和镇")
        for village in ("岚湖", "上街")
        for number in range(1250)
    ]
    fits = matcher("baix")
    sum(map(fits, texts))
    began = time.perf_counter()
    assert sum(map(fits, texts)) == 2500
    assert time.perf_counter() - began < 0.25
