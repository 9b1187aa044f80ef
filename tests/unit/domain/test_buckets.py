"""Six areas by method."""

from __future__ import annotations

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.states import Bucket


def test_buckets_are_read_by_their_codes_and_add_up() -> None:
    some = Buckets.of({bucket: Area(10**place) for place, bucket in enumerate(Bucket)})
    assert [area.micro_mu for _, area in some] == [1, 10, 100, 1000, 10_000, 100_000]
    assert some.total == Area(111_111)
    assert some[Bucket.OTHER] == Area(100_000)


def test_a_copy_has_other_areas_where_they_are_named() -> None:
    some = Buckets(restored=Area(5), other=Area(1))
    assert some.with_areas({Bucket.OTHER: Area.ZERO}) == Buckets(restored=Area(5))
    assert some.filled == (Bucket.RESTORED, Bucket.OTHER)
    assert Buckets().filled == ()
