"""The spot-check sample: a frozen frame, a seed, an order that anybody can redo with a SHA-256 tool.

Within a stratum plots stand in ascending SHA-256(seed ‖ 0x1F ‖ plot), and the first of them are drawn. How many of each
stratum is settled by largest remainders, at least one each. So a sample that is made larger, with the earlier shares
kept, keeps its beginning, and a plot that cannot be visited is replaced by the next of its stratum.
``docs/sampling.md`` redoes it by hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Final

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.errors import RuleError

_SEPARATOR: Final = b"\x1f"
_UNCLEAR: Final = re.compile(r"[\t\n\r\x1f]")


@dataclass(frozen=True, order=True)
class FramePlot:
    """One plot that may be drawn: its stratum, its id, the area that is claimed for it."""

    stratum: str
    plot: str
    area: Area


@dataclass(frozen=True)
class Frame:
    """All plots that may be drawn, frozen: sorted by stratum and id.

    Attributes:
        plots: Each plot once.
    """

    plots: tuple[FramePlot, ...]

    @classmethod
    def of(cls, plots: Iterable[FramePlot]) -> Frame:
        """Freeze these plots.

        Raises:
            RuleError: There is none, one is named twice, or a name holds a tab or a line break.
        """
        # The order of the plots themselves, told by a key: comparing them one by one takes ten times as long.
        sorted_plots = tuple(sorted(plots, key=lambda one: (one.stratum, one.plot, one.area.micro_mu)))
        if not sorted_plots:
            raise RuleError("empty_frame", "没有可以抽的图斑，没有抽样。", "抽查从申报完成的图斑里抽，请先看看有没有。")
        if len({one.plot for one in sorted_plots}) < len(sorted_plots):
            raise RuleError("twice_in_frame", "同一图斑在抽样框里出现了两次，没有抽样。", "请把重复的去掉再抽。")
        if _UNCLEAR.search("".join((*{one.stratum for one in sorted_plots}, *(one.plot for one in sorted_plots)))):
            raise RuleError(
                "unclear_frame", "分层的名称里有制表符或换行，没有抽样。", "请先在台账里改正村名或类型再抽。"
            )
        return cls(sorted_plots)

    @classmethod
    def read(cls, text: str) -> Frame:
        """The frame that a kept :attr:`text` is of, in the order in which it stands there.

        Raises:
            RuleError: ``unclear_frame``: it is not such a text.
        """
        try:
            rows = [line.split("\t") for line in text.splitlines()]
            return cls(tuple(FramePlot(stratum, plot, Area(int(area))) for stratum, plot, area in rows))
        except ValueError as error:
            raise RuleError(
                "unclear_frame", "抽样框的文件读不出来，没有抽样。", "请重新封存抽样框，或从备份恢复台账。"
            ) from error

    @property
    def text(self) -> str:
        """What is hashed: a line for each plot, ``stratum TAB plot TAB 10⁻⁶ mu LF``."""
        return "".join(f"{one.stratum}\t{one.plot}\t{one.area.micro_mu}\n" for one in self.plots)

    @property
    def digest(self) -> str:
        """SHA-256 of :attr:`text` in UTF-8, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def strata(self) -> Mapping[str, tuple[FramePlot, ...]]:
        """The plots of each stratum, strata in the order of their names."""
        found: dict[str, list[FramePlot]] = {}
        for one in self.plots:
            found.setdefault(one.stratum, []).append(one)
        return {stratum: tuple(plots) for stratum, plots in found.items()}


@dataclass(frozen=True)
class Sample:
    """What was drawn.

    Attributes:
        seed: The text that was drawn by lot and typed in, or generated.
        frame: Digest of the frame.
        shares: How many of each stratum.
        drawn: Stratum by stratum, in the order of the draw.
        reserve: The rest of each stratum in the same order, from which replacements are taken.
    """

    seed: str
    frame: str
    shares: Mapping[str, int]
    drawn: tuple[FramePlot, ...]
    reserve: Mapping[str, tuple[FramePlot, ...]]

    @property
    def area(self) -> Area:
        """Sum of the claimed areas."""
        return Area(sum(one.area.micro_mu for one in self.drawn))


def order_key(seed: str, plot: str) -> str:
    """The number by which a plot is ordered: SHA-256 of seed, 0x1F and id, 64 hexadecimal digits."""
    return hashlib.sha256(seed.encode() + _SEPARATOR + plot.encode()).hexdigest()


def count_of_ratio(frame: Frame, ratio: Fraction) -> int:
    """How many plots a ratio asks for, rounded up.

    Raises:
        RuleError: The ratio is not between 0 and 1.
    """
    if not 0 < ratio <= 1:
        raise RuleError("bad_ratio", "抽查比例要大于 0、不超过 100%，没有抽样。", "请改比例，例如 5% 写 0.05。")
    return -(-len(frame.plots) * ratio.numerator // ratio.denominator)


def shares_of(sizes: Mapping[str, int], count: int, *, kept: Mapping[str, int] | None = None) -> dict[str, int]:
    """Divide *count* among strata in proportion to their sizes.

    Each gets the whole part of its quota, but at least one and at least what it had; what is left goes one by one to
    the stratum that is furthest below its quota, what is too much comes from the one furthest above it that has more
    than it must have. Ties go to the name that comes first.

    Args:
        sizes: Plots of each stratum, each more than 0.
        count: Plots in all; strata that must have more than this in all get what they must have.
        kept: What an earlier, smaller draw gave to each.

    Raises:
        RuleError: *count* is less than 1 or more than there are.
    """
    total = sum(sizes.values())
    if not 0 < count <= total:
        raise RuleError(
            "bad_count", f"要抽 {count} 个，可抽的有 {total} 个，没有抽样。", f"请改成 1 到 {total} 之间的个数。"
        )
    least = {stratum: max(1, (kept or {}).get(stratum, 0)) for stratum in sorted(sizes)}
    # Quotas and shares times the total: whole numbers, so that a tie is a tie.
    quotas = {stratum: count * sizes[stratum] for stratum in least}
    shares = {stratum: max(least[stratum], quotas[stratum] // total) for stratum in least}
    above = [(shares[stratum] * total - quotas[stratum], stratum) for stratum in shares]
    left = count - sum(shares.values())
    if left > 0:
        heapify(above)
        while left > 0:
            over, stratum = heappop(above)
            if shares[stratum] < sizes[stratum]:
                shares[stratum] += 1
                left -= 1
                heappush(above, (over + total, stratum))
    elif left < 0:
        below = [(-over, stratum) for over, stratum in above]
        heapify(below)
        while left < 0 and below:
            under, stratum = heappop(below)
            if shares[stratum] > least[stratum]:
                shares[stratum] -= 1
                left += 1
                heappush(below, (under + total, stratum))
    return shares


def draw(frame: Frame, seed: str, count: int, *, kept: Mapping[str, int] | None = None) -> Sample:
    """Draw *count* plots; with *kept*, the shares of an earlier draw of the same frame and seed, that draw is enlarged.

    Raises:
        RuleError: The seed is empty, or *count* does not fit the frame.
    """
    if not seed.strip():
        raise RuleError("no_seed", "没有随机种子，没有抽样。", "请现场摇号得出一串数字填进来，或让程序生成一个。")
    strata = frame.strata
    shares = shares_of({stratum: len(plots) for stratum, plots in strata.items()}, count, kept=kept)
    drawn: list[FramePlot] = []
    reserve: dict[str, tuple[FramePlot, ...]] = {}
    for stratum, plots in strata.items():
        ordered = sorted(plots, key=lambda one: order_key(seed, one.plot))
        drawn.extend(ordered[: shares[stratum]])
        reserve[stratum] = tuple(ordered[shares[stratum] :])
    return Sample(seed, frame.digest, shares, tuple(drawn), reserve)


def replacement(sample: Sample, stratum: str, used: Sequence[str]) -> FramePlot | None:
    """The next plot of a stratum for one that cannot be visited; None where all are drawn or used."""
    return next((one for one in sample.reserve.get(stratum, ()) if one.plot not in used), None)
