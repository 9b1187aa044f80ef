"""Which package of a sender comes after which: by its numbers and its journal, and never by a clock. Pure.

Within one unbroken ledger numbers and journal grow together. A ledger that was set back to a copy begins anew from
there: its numbers come again, its journal goes another way. Once such a package was taken in, those that it leaves
behind say nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gengdi_desktop.exchange.manifest import Heading


@dataclass(frozen=True, slots=True)
class Taken:
    """A package that was taken in, or one that comes.

    Attributes:
        id: Its own id.
        kind: Code of its kind.
        number: Which of its kind.
        sample: Ids of the samples that it is about, parted by commas.
        head_seq: The sender's last entry in it; 0 where it says none.
        head_hash: The hash of that entry.
        entry: Our entry that took it in; 0 where none did yet.
        rewritten: Whether its journal told another story than was reported before.
    """

    id: str
    kind: str
    number: int
    sample: str = ""
    head_seq: int = 0
    head_hash: str = ""
    entry: int = 0
    rewritten: bool = False

    @property
    def samples(self) -> frozenset[str]:
        """The samples one by one."""
        return frozenset(self.sample.split(",")) - {""}

    def is_later(self, other: Taken) -> bool:
        """Whether its sender wrote it after another one of the same kind.

        Where number and journal contradict each other the sender was set back between the two, and neither is
        later than the other.
        """
        if not (self.head_seq and other.head_seq):
            return self.number > other.number
        if self.head_seq == other.head_seq:
            return self.head_hash == other.head_hash and self.number > other.number
        return self.head_seq > other.head_seq and self.number >= other.number

    def replaces(self, other: Taken) -> bool:
        """Whether with it another one says nothing any more: a later one of its kind about all of its samples."""
        return self.kind == other.kind and other.samples <= self.samples and self.is_later(other)


def coming(heading: Heading, samples: Iterable[str] = ()) -> Taken:
    """A package that comes, as it is compared with those that came."""
    head = heading.journal
    seq, digest = (head.head_seq, head.head_hash) if head is not None else (0, "")
    return Taken(heading.id, heading.kind.value, heading.number, ",".join(sorted(samples)), seq, digest)


def in_force(taken: Collection[Taken]) -> tuple[Taken, ...]:
    """Those of a sender's packages that say something still, in the order in which they came.

    One that was taken in although a package that replaces it was there, or although its journal told another story,
    is the newest that its sender has: a person said so. What came before it and knows of more entries is set aside.
    """
    found: list[Taken] = []
    for one in sorted(taken, key=lambda each: each.entry):
        if one.rewritten or any(other.replaces(one) for other in found):
            found = [other for other in found if other.head_seq <= one.head_seq and not other.replaces(one)]
        found.append(one)
    return tuple(found)
