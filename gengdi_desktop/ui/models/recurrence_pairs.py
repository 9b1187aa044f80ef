"""Plots that may have been closed before, as a page hands them to the page that shows both: as the text of a wish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_MOST: Final = 500


@dataclass(frozen=True)
class AgainPair:
    """One plot that comes now, and the earlier one.

    Args:
        plot: Own id of the one that comes; empty while it stands in a list that is not taken in yet.
        earlier: Own id of the closed one, in its own ledger.
        name: What the one that comes is called.
        sentence: Why both are taken for the same ground.
        facts: What the list says of the one that comes, where it is not in the ledger yet: names and values.
    """

    plot: str
    earlier: str
    name: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


def pairs_wish(pairs: Sequence[AgainPair], at: int, back: str) -> dict[str, str]:
    """The wish that brings pairs to the page of recurrences.

    Args:
        pairs: In the order in which they are walked; of very many those around the first shown.
        at: The one to begin with.
        back: The page to go back to.
    """
    first = max(0, at - _MOST // 2)
    some = pairs[first : first + _MOST]
    told = [[one.plot, one.earlier, one.name, one.sentence, [list(pair) for pair in one.facts]] for one in some]
    return {"pairs": json.dumps(told, ensure_ascii=False), "at": str(at - first), "back": back}


def wished_pairs(wish: Mapping[str, str]) -> tuple[AgainPair, ...]:
    """The pairs of a wish; none where it names none."""
    told = json.loads(wish.get("pairs", "[]"))
    return tuple(
        AgainPair(plot, earlier, name, sentence, tuple((str(key), str(value)) for key, value in facts))
        for plot, earlier, name, sentence, facts in told
    )
