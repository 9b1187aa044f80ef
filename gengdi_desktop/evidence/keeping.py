"""Copies into the ledger's folder for one action: each file once, under the ending it has there, none left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.evidence import store
from gengdi_desktop.ledger.folder import FolderPart, StoredFile
from gengdi_desktop.system.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gengdi_desktop.ledger.handle import Ledger

_PERHAPS_SAVED = "maybe_saved"


class Keeper:
    """Keeps files by their hash; use :func:`keeping`."""

    def __init__(self, ledger: Ledger, known: Mapping[str, StoredFile]) -> None:
        self._folder = ledger.folder
        self._known = dict(known)
        # What was there before is never taken out again, whatever happens to this action.
        self._there = {path for part in FolderPart for path in self._folder.part(part).glob("*")}
        self.made: list[Path] = []

    def keep(self, path: Path, name: str, sha256: str) -> StoredFile:
        """Put a file into the folder; one that is there already, under whatever ending, stays as it is.

        Args:
            path: The file.
            name: The name under which it came: its ending is kept.
            sha256: Its hash as it was read before; the file's own is in the answer.

        Raises:
            SurroundingsError: The file cannot be read, or the disk is full or broken.
        """
        known = self._known.get(sha256)
        if known is not None and self._is_there(known):
            return known
        ending = known.suffix if known is not None else Path(name).suffix
        part = FolderPart(known.part) if known is not None else FolderPart.EVIDENCE
        kept = self._folder.keep(part, path if ending else path.read_bytes(), ending)
        place = self._folder.path_of(kept)
        if place not in self._there:
            self.made.append(place)
        self._known[kept.sha256] = kept
        return kept

    def let_go(self, file: StoredFile) -> None:
        """Take a file out again that turned out not to be the one that was meant, if it came just now."""
        place = self._folder.path_of(file)
        if place in self.made:
            self.made.remove(place)
            self._known.pop(file.sha256, None)
            place.unlink()

    def _is_there(self, file: StoredFile) -> bool:
        place = self._folder.path_of(file)
        return place.is_file() and digest_of(place).sha256 == file.sha256


@contextlib.contextmanager
def keeping(ledger: Ledger, hashes: Iterable[str], coming: Iterable[StoredFile] = ()) -> Iterator[Keeper]:
    """A keeper whose new files go again when the action fails or is cancelled, unless it may have been saved.

    Args:
        ledger: The open ledger.
        hashes: The files that will be kept.
        coming: Where those of them go that are not here and are no evidence.
    """
    with ledger.reading() as session:
        rows = store.stored_files(session, hashes)
    known = {one.sha256: one for one in coming}
    known |= {row.id: StoredFile(row.id, row.size, row.folder, row.suffix) for row in rows}
    keeper = Keeper(ledger, known)
    try:
        yield keeper
    except BaseException as failed:
        if not (isinstance(failed, GengdiError) and failed.code == _PERHAPS_SAVED):
            for path in keeper.made:
                # What cannot be removed is loose, and a repair sets it aside; the first reason is what counts.
                with contextlib.suppress(OSError):
                    path.unlink()
        raise
