"""Two plots on the same ground: one that comes now, one that was closed before, and why they are taken for that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gengdi_desktop.ledger.words import shown


class Ground(StrEnum):
    """Why two plots are taken for the same ground."""

    OVERLAP = "overlap"
    NEAR = "near"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A plot that may be one that was closed before; never a verdict.

    Args:
        plot: Key of the plot that comes now.
        earlier: Own id of the closed one, in its own ledger.
        name: Name of the one that comes now.
        earlier_name: Name of the closed one.
        closed_on: ISO date of its last closing.
        ground: Why.
        share: Which share of the smaller one both cover, from 0 to 1; 0 without outlines.
        metres: How far the middles are apart; 0 with outlines.
    """

    plot: str
    earlier: str
    name: str
    earlier_name: str
    closed_on: str
    ground: Ground
    share: float = 0.0
    metres: float = 0.0

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        how = {
            Ground.OVERLAP: f"重叠 {int(self.share * 100)}%",
            Ground.NEAR: f"中心点只差 {self.metres:.0f} 米",
            Ground.NUMBER: "村和编号相同、年度不同",
        }[self.ground]
        day = shown("closing", "on_date", self.closed_on)
        return f"“{self.name}”疑似反弹：和{day}销号的“{self.earlier_name}”{how}，请看原来的档案。"
