"""What a round has settled, by method: six areas whose sum and remainder make the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.states import Bucket

# Looked up once: members of an enumeration tell their value slowly, and thousands of plots ask at once.
_CODES = {bucket: bucket.value for bucket in Bucket}


@dataclass(frozen=True, slots=True)
class Buckets:
    """One area for each :class:`Bucket`, none of them negative; field names are the buckets' codes."""

    restored: Area = Area.ZERO
    proved: Area = Area.ZERO
    regularised: Area = Area.ZERO
    quota_offset: Area = Area.ZERO
    inout_offset: Area = Area.ZERO
    other: Area = Area.ZERO

    @classmethod
    def of(cls, areas: Mapping[Bucket, Area]) -> Buckets:
        """The buckets named in ``areas``, the others empty."""
        return cls(**{bucket.value: area for bucket, area in areas.items()})

    def __getitem__(self, bucket: Bucket) -> Area:
        """The area of one bucket."""
        area: Area = getattr(self, _CODES[bucket])
        return area

    def __iter__(self) -> Iterator[tuple[Bucket, Area]]:
        """Each bucket with its area, in their order."""
        return ((bucket, getattr(self, code)) for bucket, code in _CODES.items())

    def with_areas(self, areas: Mapping[Bucket, Area]) -> Buckets:
        """A copy in which the buckets named in ``areas`` have these values."""
        return replace(self, **{bucket.value: area for bucket, area in areas.items()})

    @property
    def total(self) -> Area:
        """The sum of all six."""
        return Area(
            self.restored.micro_mu
            + self.proved.micro_mu
            + self.regularised.micro_mu
            + self.quota_offset.micro_mu
            + self.inout_offset.micro_mu
            + self.other.micro_mu
        )

    @property
    def filled(self) -> tuple[Bucket, ...]:
        """The buckets that hold something."""
        return tuple(bucket for bucket, area in self if area > Area.ZERO)
