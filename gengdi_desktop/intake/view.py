"""What an import must know of the ledger: lists and remembered columns as values, plots as far as a file asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.intake.mapping import ColumnChoice
from gengdi_desktop.intake.matching import CalledBy, KnownPlots
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


class LedgerPlots(Protocol):
    """The plots of a ledger, asked for when the rows of a file are known."""

    def called(self, names: CalledBy, scope: frozenset[int]) -> KnownPlots:
        """The plots that may be meant by these names; clue and monitoring numbers count within the scope's lists."""
        ...

    def in_lists(self, lists: Collection[int]) -> frozenset[str]:
        """The plots that have a line in one of these lists."""
        ...

    def cancelled(self) -> frozenset[str]:
        """The plots that are cancelled."""
        ...

    def names_of(self, plots: Collection[str], most: int) -> tuple[str, ...]:
        """The first so many of these plots in the ledger's order, for people."""
        ...


class NoPlots:
    """The plots of an empty ledger."""

    def called(self, names: CalledBy, scope: frozenset[int]) -> KnownPlots:  # noqa: ARG002  # as the protocol says
        """None."""
        return KnownPlots(scope)

    def in_lists(self, lists: Collection[int]) -> frozenset[str]:  # noqa: ARG002
        """None."""
        return frozenset()

    def cancelled(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def names_of(self, plots: Collection[str], most: int) -> tuple[str, ...]:  # noqa: ARG002
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger as an import sees it.

    Args:
        home: Whose ledger it is.
        lists: Its lists, oldest first.
        plots: Its plots, as far as they are asked for.
        choices: Header fingerprint → column key → what a person said the last time.
    """

    home: Home
    lists: tuple[KnownList, ...] = ()
    plots: LedgerPlots = field(default_factory=NoPlots)
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
