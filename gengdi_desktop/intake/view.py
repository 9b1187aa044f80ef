"""What an import must know of the ledger, as values: lists, plots, identifiers and remembered columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.intake.mapping import ColumnChoice
from gengdi_desktop.intake.matching import KnownIdentifier, KnownPlot
from gengdi_desktop.intake.places import Home


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list of the ledger."""

    id: int
    name: str
    kind: ListKind
    sha256: str
    area_field: str
    reissue_of: int | None


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger in one snapshot.

    Args:
        home: Whose ledger it is.
        lists: Its lists, oldest first.
        plots: Its plots.
        identifiers: Their identifiers.
        choices: Header fingerprint → column key → what a person said the last time.
    """

    home: Home
    lists: tuple[KnownList, ...] = ()
    plots: tuple[KnownPlot, ...] = ()
    identifiers: tuple[KnownIdentifier, ...] = ()
    choices: Mapping[str, Mapping[str, ColumnChoice]] = field(default_factory=dict)

    def chain_of(self, known: KnownList) -> tuple[KnownList, ...]:
        """All issues of a list, oldest first."""
        by_id = {one.id: one for one in self.lists}
        root = known
        while root.reissue_of is not None and root.reissue_of in by_id:
            root = by_id[root.reissue_of]
        chain = [root]
        for one in self.lists:
            if one.reissue_of is not None and any(one.reissue_of == link.id for link in chain):
                chain.append(one)
        return tuple(chain)

    def named(self, name: str) -> KnownList | None:
        """The list of a name."""
        return next((one for one in self.lists if one.name == name), None)
