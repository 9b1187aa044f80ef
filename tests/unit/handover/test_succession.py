"""Which package of a sender comes after which, by numbers and journal alone."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gengdi_desktop.handover.receiving.succession import Taken, coming, in_force
from tests.helpers import packages as made


def package(number: int, head: int, *, kind: str = "submission", line: str = "a", entry: int = 0) -> Taken:
    """A package; on one line of the journal entries have the same hashes."""
    return Taken(f"{kind}{number}{line}{head}", kind, number, head_seq=head, head_hash=f"{line}{head}", entry=entry)


def test_of_one_ledger_the_later_number_and_the_longer_journal_are_the_same() -> None:
    first, second = package(1, 10), package(2, 20)
    assert second.replaces(first)
    assert not first.replaces(second)
    assert not second.replaces(replace(first, kind="task"))


def test_where_number_and_journal_contradict_each_other_neither_is_later() -> None:
    before, after = package(5, 40), package(3, 60, line="b")
    assert not before.is_later(after)
    assert not after.is_later(before)


def test_the_same_number_twice_is_judged_by_the_journal() -> None:
    assert package(3, 60).is_later(package(3, 50, line="b"))
    assert not package(3, 50).is_later(package(3, 60))
    assert not package(4, 50, line="b").is_later(package(3, 50)), "another entry of the same number: another way"
    assert package(4, 50).is_later(package(3, 50))


def test_without_a_journal_numbers_alone_tell() -> None:
    assert package(4, 0).is_later(package(3, 60))
    assert package(4, 60).is_later(package(3, 0))
    assert not package(3, 0).is_later(package(3, 60))
    heading = replace(made.HEADING, journal=None)
    assert coming(heading).head_seq == 0


def test_a_package_replaces_only_what_is_about_its_samples() -> None:
    both = replace(package(2, 20), sample="a,b")
    assert both.replaces(replace(package(1, 10), sample="a"))
    assert not both.replaces(replace(package(1, 10), sample="a,c"))


def test_what_a_ledger_that_was_set_back_left_behind_says_nothing_more() -> None:
    old = [package(4, 40, entry=1), package(5, 60, entry=2), package(2, 55, kind="feedback", entry=3)]
    back = package(5, 50, line="b", entry=4)
    assert in_force([*old, back]) == (old[0], back)
    rewritten = replace(package(6, 50, line="b", entry=4), rewritten=True)
    assert in_force([*old, rewritten]) == (old[0], rewritten)
    # The reception of it is taken back: everything is as it was.
    assert in_force(old) == tuple(old)


@given(
    st.lists(st.tuples(st.sampled_from(["task", "feedback"]), st.integers(1, 9)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_packages_of_one_ledger_stay_in_force_in_whatever_order_they_come(
    written: list[tuple[str, int]], chance: Random
) -> None:
    numbers, head, some = {"task": 0, "feedback": 0}, 0, []
    for kind, entries in written:
        numbers[kind] += 1
        head += entries
        some.append(package(numbers[kind], head, kind=kind))
    chance.shuffle(some)
    came: list[Taken] = []
    for place, one in enumerate(some, 1):
        if not any(other.replaces(one) for other in in_force(came)):
            came.append(replace(one, entry=place))
    assert set(in_force(came)) == set(came)
    for kind, number in numbers.items():
        assert max((one.number for one in came if one.kind == kind), default=0) == number
