"""The sample is the same on every machine, keeps its beginning, and can be redone with a shell and sha256sum."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.sampling import (
    Frame,
    FramePlot,
    count_of_ratio,
    draw,
    order_key,
    replacement,
    shares_of,
)
from gengdi_desktop.errors import RuleError

_DOCUMENT = Path(__file__).parents[3] / "docs" / "sampling.md"
_FRAME = Frame.of(
    FramePlot(stratum, f"p{number}", Area(area))
    for number, (stratum, area) in enumerate(
        [
            ("七里村", 1_790_000), ("七里村", 2_000_000), ("七里村", 3_000_000), ("七里村", 400_000),
            ("白圩村", 5_000_000), ("白圩村", 600_000), ("连桥村", 700_000),
        ],
        1,
    )
)  # fmt: skip
_SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(1, 60), min_size=1, max_size=9)


def _written(fence: str) -> str:
    found = re.search(rf"```{fence}\n(.*?)```", _DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_frozen_vectors() -> None:
    assert _FRAME.digest == _written("text").splitlines()[0].split()[0]
    assert order_key("20230821", "p1") == "89a91f8fdf7237c6e57666d0350bc57c26586487bf1ae1208e972dfbb66ce3be"
    sample = draw(_FRAME, "20230821", 3)
    assert [one.plot for one in sample.drawn] == ["p2", "p5", "p7"]
    assert sample.shares == {"七里村": 1, "白圩村": 1, "连桥村": 1}
    assert sample.frame == _FRAME.digest


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="the shell's tool is not on this system")
def test_the_document_s_shell_prints_what_the_program_draws(tmp_path: Path) -> None:
    printed = subprocess.run(
        ["sh", "-c", _written("sh")], cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, check=True,
        capture_output=True, text=True, encoding="utf-8", timeout=60,
    ).stdout  # fmt: skip
    assert printed == _written("text")
    assert (tmp_path / "frame.tsv").read_text("utf-8") == _FRAME.text
    by_stratum: dict[str, list[str]] = {}
    for row in printed.splitlines()[1:]:
        stratum, _digest, plot = row.split("\t")
        by_stratum.setdefault(stratum, []).append(plot)
    for count in range(3, 8):
        sample = draw(_FRAME, "20230821", count)
        expected = [plot for stratum, plots in by_stratum.items() for plot in plots[: sample.shares[stratum]]]
        assert [one.plot for one in sample.drawn] == expected


@given(_SIZES, st.data())
def test_shares_are_near_their_quotas_and_leave_no_stratum_out(sizes: dict[str, int], data: st.DataObject) -> None:
    total = sum(sizes.values())
    count = data.draw(st.integers(1, total))
    shares = shares_of(sizes, count)
    assert sum(shares.values()) == max(count, len(sizes))
    for stratum, share in shares.items():
        assert 1 <= share <= sizes[stratum]
        assert share <= Fraction(count * sizes[stratum], total) + 1 or share == 1


def _by_the_document(sizes: dict[str, int], count: int, kept: dict[str, int]) -> dict[str, int]:
    """Step 3 of the document, word by word: another program than the one that draws."""
    quotas = {name: Fraction(count * size, sum(sizes.values())) for name, size in sorted(sizes.items())}
    least = {name: max(1, kept.get(name, 0)) for name in quotas}
    shares = {name: max(least[name], int(quota)) for name, quota in quotas.items()}
    while sum(shares.values()) < count:
        some = [name for name in shares if shares[name] < sizes[name]]
        shares[max(some, key=lambda name: quotas[name] - shares[name])] += 1
    while sum(shares.values()) > count and any(shares[name] > least[name] for name in shares):
        some = [name for name in shares if shares[name] > least[name]]
        shares[max(some, key=lambda name: shares[name] - quotas[name])] -= 1
    return shares


@settings(max_examples=300)
@given(_SIZES, st.data())
def test_another_program_written_from_the_document_draws_the_same(sizes: dict[str, int], data: st.DataObject) -> None:
    total = sum(sizes.values())
    count = data.draw(st.integers(1, total))
    kept = {name: data.draw(st.integers(0, size)) for name, size in sizes.items()} if data.draw(st.booleans()) else {}
    shares = shares_of(sizes, count, kept=kept)
    assert shares == _by_the_document(sizes, count, kept)
    seed = str(data.draw(st.integers(0, 10**12)))
    plots = [(name, f"{name}-{number}") for name, size in sizes.items() for number in range(size)]
    frame = Frame.of(FramePlot(name, plot, Area(1)) for name, plot in plots)
    keys = {plot: hashlib.sha256(f"{seed}\x1f{plot}".encode()).hexdigest() for _, plot in plots}
    expected = [
        plot
        for name in sorted(sizes)
        for plot in sorted((plot for of, plot in plots if of == name), key=keys.__getitem__)[: shares[name]]
    ]
    assert [one.plot for one in draw(frame, seed, count, kept=kept).drawn] == expected


def test_every_plot_has_the_same_chance() -> None:
    """Chi-square of how often each of 40 plots is drawn by 2,000 seeds; beyond 80 it would be one chance in 10,000."""
    frame = Frame.of(FramePlot("全部", f"p{number}", Area(1)) for number in range(40))
    drawn = Counter(one.plot for seed in range(2_000) for one in draw(frame, str(seed), 4).drawn)
    expected = 2_000 * 4 / 40
    assert sum((drawn[one.plot] - expected) ** 2 / expected for one in frame.plots) < 80


def test_thousands_of_strata_are_no_long_work() -> None:
    sizes = {f"{number:05d}": 1 + number % 7 for number in range(5_000)}
    shares = shares_of(sizes, 9_000)
    assert sum(shares.values()) == 9_000
    frame = Frame.of(FramePlot(name, f"{name}-{at}", Area(at)) for name, size in sizes.items() for at in range(size))
    assert Frame.read(frame.text) == frame


@given(_SIZES, st.data())
def test_a_larger_draw_keeps_the_smaller(sizes: dict[str, int], data: st.DataObject) -> None:
    frame = Frame.of(
        FramePlot(stratum, f"{stratum}-{number}", Area(number))
        for stratum, size in sizes.items()
        for number in range(size)
    )
    total = len(frame.plots)
    few = data.draw(st.integers(1, total))
    many = data.draw(st.integers(few, total))
    first = draw(frame, "12", few)
    second = draw(frame, "12", many, kept=first.shares)
    assert {one.plot for one in first.drawn} <= {one.plot for one in second.drawn}
    assert len(second.drawn) == max(many, len(first.drawn))
    for stratum in frame.strata:
        mine = [[one.plot for one in drawn.drawn if one.stratum == stratum] for drawn in (first, second)]
        assert mine[1][: len(mine[0])] == mine[0]


def test_the_document_s_sample_of_five() -> None:
    sample = draw(_FRAME, "20230821", 5)
    assert sample.shares == {"七里村": 3, "白圩村": 1, "连桥村": 1}
    assert [one.plot for one in sample.drawn] == ["p2", "p1", "p4", "p5", "p7"]
    instead = replacement(sample, "七里村", ())
    assert instead is not None
    assert instead.plot == "p3"


def test_largest_remainders_by_hand() -> None:
    assert shares_of({"a": 47, "b": 16, "c": 15, "d": 12, "e": 10}, 10) == {"a": 5, "b": 2, "c": 1, "d": 1, "e": 1}
    assert shares_of({"a": 5, "b": 5}, 3) == {"a": 2, "b": 1}, "a tie goes to the first name"
    assert shares_of({"a": 98, "b": 1, "c": 1}, 10) == {"a": 8, "b": 1, "c": 1}, "one each, taken from the largest"
    assert shares_of({"a": 3, "b": 3, "c": 3}, 1) == {"a": 1, "b": 1, "c": 1}


def test_a_plot_that_cannot_be_visited_is_replaced_by_the_next_of_its_stratum() -> None:
    sample = draw(_FRAME, "20230821", 3)
    order = sorted(("p1", "p2", "p3", "p4"), key=lambda plot: order_key("20230821", plot))
    first = replacement(sample, "七里村", ())
    assert first is not None
    assert first.plot == order[1]
    second = replacement(sample, "七里村", (first.plot,))
    assert second is not None
    assert second.plot == order[2]
    assert replacement(sample, "连桥村", ()) is None


@pytest.mark.parametrize(
    ("ratio", "count"), [(Fraction(1, 20), 1), (Fraction(3, 7), 3), (Fraction(1, 2), 4), (Fraction(1), 7)]
)
def test_a_ratio_asks_for_whole_plots_rounded_up(ratio: Fraction, count: int) -> None:
    assert count_of_ratio(_FRAME, ratio) == count


def test_what_cannot_be_drawn_is_said() -> None:
    plot = FramePlot("白圩村", "p1", Area(1))
    refusals: dict[str, Callable[[], object]] = {
        "empty_frame": lambda: Frame.of([]),
        "twice_in_frame": lambda: Frame.of([plot, plot]),
        "unclear_frame": lambda: Frame.of([FramePlot("白圩\t村", "p1", Area(1))]),
        "no_seed": lambda: draw(_FRAME, " ", 3),
        "bad_count": lambda: draw(_FRAME, "1", 8),
        "bad_ratio": lambda: count_of_ratio(_FRAME, Fraction(0)),
    }
    for code, make in refusals.items():
        with pytest.raises(RuleError) as refused:
            make()
        assert refused.value.code == code


@pytest.mark.parametrize("text", ["白圩村\tp1\n", "白圩村\tp1\t一亩\n", "白圩村\tp1\t1\t2\n"])
def test_a_file_that_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        Frame.read(text)
    assert refused.value.code == "unclear_frame"
