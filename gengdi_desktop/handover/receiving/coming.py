"""The files whose bytes are in a package, and where each goes in our folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.manifest import Member
from gengdi_desktop.ledger.folder import SUFFIXES, FolderPart, StoredFile

_PARTS: Final[Mapping[str, FolderPart]] = {names.EVIDENCE: FolderPart.EVIDENCE, names.REPORTS: FolderPart.REPORTS}


@dataclass(frozen=True, slots=True)
class Coming:
    """A file whose bytes are in the package: the member and where it goes."""

    member: str
    file: StoredFile


def coming(members: tuple[Member, ...]) -> dict[str, Coming]:
    """The files of a package by their hash."""
    found = {}
    for one in members:
        part = _PARTS.get(names.folder_of(one.name))
        if part is not None:
            ending = one.name[one.name.index(".") :] if "." in one.name else ""
            suffix = ending if SUFFIXES.fullmatch(ending) else ""
            found[one.sha256] = Coming(one.name, StoredFile(one.sha256, one.size, part.value, suffix))
    return found
