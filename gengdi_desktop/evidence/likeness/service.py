"""The pass that compares the photos of a ledger: each new one with all that were compared before it."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.evidence.likeness import store
from gengdi_desktop.evidence.likeness.index import Likeness, Match
from gengdi_desktop.evidence.likeness.prints import prints
from gengdi_desktop.evidence.photos import PREVIEW_WIDTH
from gengdi_desktop.evidence.pictures import picture
from gengdi_desktop.evidence.store import judge_anew

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]

_AT_ONCE = 40
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pass did.

    Attributes:
        compared: How many photos were compared.
        unreadable: How many are missing, damaged or no picture that can be read; the check tells which.
    """

    compared: int
    unreadable: int


def waiting(ledger: Ledger) -> int:
    """How many photos were not compared yet."""
    with ledger.reading() as session:
        return len(store.without_print(session))


def compare(ledger: Ledger, progress: Progress | None = None) -> Compared:
    """Compare the photos that were not compared yet; what is done stays done when it is cancelled.

    Nothing is written to the journal. A ledger that is open for reading only is left as it is.

    Raises:
        SurroundingsError: The ledger cannot be written.
    """
    with ledger.reading() as session:
        new = store.without_print(session)
    if ledger.read_only or not new:
        return Compared(0, 0)
    with ledger.reading() as session:
        known = store.all_prints(session)
    fresh: dict[str, bytes] = {}
    index = Likeness(lambda keys: _fetched(ledger, fresh, keys))
    index.add(known)
    del known
    done = unreadable = 0
    for some in _lots(new):
        found: dict[str, tuple[Match, ...]] = {}
        fresh.clear()
        for key in some:
            if progress is not None:
                progress(done + unreadable, len(new))
            made = _made(ledger, key)
            if made is None:
                unreadable += 1
                continue
            found[key] = index.alike(made)
            fresh[key] = made
            index.add({key: made})
            done += 1
        if fresh:
            with ledger.database.unjournalled() as connection:
                store.keep(connection, fresh, found)
                judge_anew(connection, _alike(found))
    return Compared(done, unreadable)


def _alike(found: Mapping[str, Sequence[Match]]) -> set[str]:
    """The photos of which it is known now that others are alike, and those others."""
    return {key for one, others in found.items() if others for key in (one, *(other.key for other in others))}


def _fetched(ledger: Ledger, fresh: Mapping[str, bytes], keys: Sequence[str]) -> dict[str, bytes]:
    """Prints of this lot, which are not written yet, and of the ledger."""
    here = {key: fresh[key] for key in keys if key in fresh}
    with ledger.reading() as session:
        return here | store.prints_of(session, [key for key in keys if key not in here])


def _made(ledger: Ledger, key: str) -> bytes | None:
    try:
        with Image.open(io.BytesIO(picture(ledger, key, PREVIEW_WIDTH))) as image:
            return prints(image)
    except (RuleError, SurroundingsError) as refused:
        _log.info("photo %s not compared: %s", key[:12], refused.code)
        return None


def _lots(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
