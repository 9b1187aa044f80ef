"""The closed lists: codes, labels, and how texts are matched with them."""

from __future__ import annotations

import pytest

from gengdi_desktop.domain import choices
from gengdi_desktop.domain.choices import Choice, DisposalClass, ProblemKind, Stage, choice_of

ALL = [thing for thing in vars(choices).values() if isinstance(thing, type) and thing in Choice.__subclasses__()]


@pytest.mark.parametrize("choice", ALL)
def test_every_choice_is_found_by_its_code_and_by_its_label(choice: type[Choice]) -> None:
    assert [choice_of(choice, member.value) for member in choice] == list(choice)
    assert [choice_of(choice, member.label) for member in choice] == list(choice)
    assert all(not member.label.isascii() for member in choice)


def test_spaces_and_width_do_not_matter_and_nothing_is_guessed() -> None:
    assert choice_of(ProblemKind, " 非 农化　") is ProblemKind.NON_FARM
    assert choice_of(ProblemKind, "非农") is None
    assert choice_of(ProblemKind, "") is None


def test_codes_are_what_is_stored() -> None:
    assert [str(kind) for kind in DisposalClass] == ["immediate", "short_term", "medium_term", "long_term", "proof"]
    assert f"{Stage.PAPER}" == "paper"
