"""A photo found again among thousands: by code the few that may be it, laid upon each other those that are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gengdi_desktop.evidence.likeness.alignment import sameness
from gengdi_desktop.evidence.likeness.prints import (
    CODE_LENGTH,
    Grey,
    codes,
    codes_in_windows,
    grey_of,
    is_paper,
    windows,
)

_LIKELY: Final = 0.8
"""From this correlation of codes on, two prints are laid upon each other."""
_MOST: Final = 24
"""So many of the likeliest: alike fields of one valley are many, copies of one photo few."""
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Match:
    """A picture that is the same photo as the one asked for.

    Attributes:
        key: Its key.
        score: How much of both is the same, 0 to 100.
        mirrored: Whether left and right are exchanged.
    """

    key: str
    score: int
    mirrored: bool = False


class Likeness:
    """Prints by key, to be asked for the pictures that are alike.

    Only codes are kept here; the prints of the few that are compared closely are fetched.

    Args:
        fetch: Gives the prints of keys that were added.
    """

    def __init__(self, fetch: Callable[[Sequence[str]], Mapping[str, bytes]]) -> None:
        self._fetch = fetch
        self._keys: list[str] = []
        self._codes = np.empty((0, CODE_LENGTH), np.float32)

    def __len__(self) -> int:
        """How many pictures can be found."""
        return len(self._keys)

    def add(self, many: Mapping[str, bytes]) -> None:
        """Let pictures be found, each by its key; papers are left out, since forms are alike."""
        keys = list(many)
        for start in range(0, len(keys), _AT_ONCE):
            self._add({key: grey_of(many[key]) for key in keys[start : start + _AT_ONCE]})

    def _add(self, greys: Mapping[str, Grey]) -> None:
        fields = {key: grey for key, grey in greys.items() if not is_paper(grey)}
        if not fields:
            return
        new = codes(np.stack(list(fields.values())))
        room = len(self._codes)
        if len(self._keys) + len(new) > room:
            grown = np.zeros((max(2 * room, len(self._keys) + len(new)), CODE_LENGTH), np.float32)
            grown[: len(self._keys)] = self._codes[: len(self._keys)]
            self._codes = grown
        self._codes[len(self._keys) : len(self._keys) + len(new)] = new
        self._keys.extend(fields)

    def alike(self, made: bytes) -> tuple[Match, ...]:
        """The pictures that are the same photo, the most alike first; the picture itself too, where it was added."""
        grey = grey_of(made)
        if is_paper(grey) or not self._keys:
            return ()
        found: dict[str, Match] = {}
        for mirrored in (False, True):
            turned = np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey
            likely = self._likely(turned)
            kept = self._fetch([key for key, _ in likely])
            for key, window in likely:
                if key in found or key not in kept:
                    continue
                same = sameness(turned, grey_of(kept[key]), windows()[window])
                if same.alike:
                    found[key] = Match(key, round(100 * same.whole), mirrored)
        return tuple(sorted(found.values(), key=lambda match: (-match.score, match.key)))

    def _likely(self, grey: Grey) -> list[tuple[str, int]]:
        """The keys whose middles look like some part of the picture, the likeliest first, each with that part."""
        asked = codes_in_windows(grey)
        best: list[tuple[float, int, int]] = []
        for start in range(0, len(self._keys), _AT_ONCE):
            kept = self._codes[start : min(start + _AT_ONCE, len(self._keys))]
            alike = kept @ asked.T
            most = alike.max(1)
            best.extend(
                (float(most[at]), start + int(at), int(alike[at].argmax())) for at in np.flatnonzero(most >= _LIKELY)
            )
        best.sort(reverse=True)
        return [(self._keys[at], window) for _, at, window in best[:_MOST]]
