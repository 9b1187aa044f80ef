"""What this computer remembers of ledgers: the last journal entry it saw of each, so that an older copy is told."""

from __future__ import annotations

import json

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.system.files import write_whole
from gengdi_desktop.system.paths import state_folder

_NAME = "known_heads.json"


def _read() -> dict[str, list[object]]:
    try:
        found = json.loads((state_folder() / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, SurroundingsError):
        return {}
    return found if isinstance(found, dict) else {}


def known(ledger: str) -> tuple[int, str] | None:
    """Number and hash of the newest entry seen of a ledger; None where this computer never saw it."""
    match _read().get(ledger):
        case [int(seq), str(digest)]:
            return seq, digest
        case _:
            return None


def remember(ledger: str, seq: int, digest: str) -> None:
    """Keep the head of a ledger, unless a newer one is known.

    Raises:
        SurroundingsError: The user's own folder cannot be written.
    """
    heads = _read()
    match heads.get(ledger):
        case [int(older), str(same)] if older > seq or (older, same) == (seq, digest):
            return
        case _:
            heads[ledger] = [seq, digest]
    write_whole(state_folder() / _NAME, json.dumps(heads, sort_keys=True, indent=0).encode())
