"""Evidence rules as data, and what a plot lacks by them."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import ProblemKind, Stage
from gengdi_desktop.domain.evidence import evidence_rules, missing_evidence
from gengdi_desktop.domain.plots import EvidenceCounts
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.resources import resource
from tests.helpers.plots import RULES, mu, plot

DATA: dict[str, Any] = tomllib.loads(resource("rules/evidence.toml").read_text(encoding="utf-8"))


def test_the_rules_that_come_with_the_program_name_version_source_and_four_kinds() -> None:
    assert RULES.version
    assert RULES.source
    assert set(RULES.ground) == set(ProblemKind)
    assert all(requirement.label for needed in RULES.ground.values() for requirement in needed)


def test_each_thing_is_asked_for_once() -> None:
    needed = RULES.needed(ProblemKind.NON_FARM, ground=True, paper=True)
    assert [requirement.code for requirement in needed] == ["after_photo", "demolition_record", "paper", "site_photo"]
    assert RULES.needed(ProblemKind.OTHER, ground=False, paper=False) == ()


def test_files_at_any_of_its_stages_meet_a_requirement() -> None:
    bare = plot(State.CONTESTED, settle={"buckets": Buckets(proved=mu("1"))}, evidence=EvidenceCounts())
    assert [requirement.code for requirement in missing_evidence(bare, RULES)] == ["paper", "site_photo"]
    during = replace(bare, evidence=EvidenceCounts({Stage.DURING: 1}, {Stage.DURING: 1, Stage.PAPER: 1}))
    assert missing_evidence(during, RULES) == ()


def test_an_unknown_kind_is_asked_for_what_others_need() -> None:
    unknown = plot(State.CLAIMED, problem_kind=None, listed_kind=None, evidence=EvidenceCounts())
    assert [requirement.code for requirement in missing_evidence(unknown, RULES)] == ["after_photo"]


def changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    """The data with one thing put otherwise."""
    data = copy.deepcopy(DATA)
    at: Any = data
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    "data",
    [
        changed(("version",), None),
        changed(("ground", "non_farm"), None),
        changed(("ground", "non_farm"), ["nothing"]),
        changed(("requirement", 0, "stages"), ["later"]),
        changed(("requirement", 0, "photos"), 0),
        changed(("requirement", 0, "field"), "crop"),
        changed(("requirement", 1, "field"), "measure"),
        changed(("requirement", 1, "field"), None),
        changed(("requirement",), 7),
        changed(("paper",), ["x"]),
    ],
)
def test_rules_that_make_no_sense_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        evidence_rules(data)
    assert refused.value.code == "evidence_rules"
