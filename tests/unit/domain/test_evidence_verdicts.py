"""齐全, 缺 or 存疑: each rule passes, fails and says that it cannot tell."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gengdi_desktop.domain.choices import Finding, ProblemKind, ProofKind, Stage
from gengdi_desktop.domain.evidence import (
    EvidenceFacts,
    EvidenceRule,
    Method,
    Verdict,
    evidence_rules,
    judge,
)
from gengdi_desktop.domain.plots import EvidenceCounts, RoundFacts
from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.resources import resource
from tests.helpers.plots import RULES

DATA: dict[str, Any] = tomllib.loads(resource("rules/evidence.toml").read_text(encoding="utf-8"))
ALL = dict.fromkeys(Stage, 2)
FULL = EvidenceFacts(
    round=RoundFacts(
        crop="水稻", sown_on=date(2023, 8, 5), demolition_record="拆除单", proof_document="赣自然资〔2023〕1号"
    ),
    evidence=EvidenceCounts(ALL, ALL),
)
BARE = EvidenceFacts()


def _fitting(rule: EvidenceRule, facts: EvidenceFacts) -> EvidenceFacts:
    """The facts with what makes the rule apply."""
    return replace(
        facts,
        methods=frozenset({rule.method} if rule.method else {Method.GROUND}),
        kind=rule.kinds[0] if rule.kinds else ProblemKind.OTHER,
        class_after=f"{rule.classes[0]}01"[:4] if rule.classes else "0101",
        finding=rule.findings[0] if rule.findings else Finding.TRUE,
    )


def _said(facts: EvidenceFacts, code: str) -> Verdict | None:
    return next((one.verdict for one in judge(facts, RULES).rules if one.rule.code == code), None)


def test_rules_have_codes_and_names_of_their_own() -> None:
    assert len({rule.code for rule in RULES.rules}) == len(RULES.rules) >= 12
    assert len({rule.name for rule in RULES.rules}) == len(RULES.rules)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_a_rule_passes_fails_and_cannot_tell(rule: EvidenceRule) -> None:
    assert _said(_fitting(rule, FULL), rule.code) is Verdict.COMPLETE
    assert _said(_fitting(rule, BARE), rule.code) is Verdict.MISSING
    assert _said(BARE, rule.code) is Verdict.UNCLEAR
    assert _said(FULL, rule.code) is None  # whether it is for this plot or not, nothing is lacking


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_a_rule_is_silent_on_plots_that_are_not_its_own(rule: EvidenceRule) -> None:
    other = Method.PAPER if rule.method is Method.GROUND else Method.GROUND
    assert _said(replace(_fitting(rule, BARE), methods=frozenset({other})), rule.code) is None


def test_nothing_is_judged_of_an_empty_file() -> None:
    verdict = judge(BARE, RULES)
    assert verdict.verdict is Verdict.UNCLEAR
    assert {one.verdict for one in verdict.rules} == {Verdict.UNCLEAR}
    assert judge(FULL, replace(RULES, rules=())).verdict is Verdict.UNCLEAR


def test_what_is_missing_is_named_with_its_rule() -> None:
    facts = replace(_orchard(FULL), evidence=EvidenceCounts({Stage.AFTER: 1}, {Stage.AFTER: 1}))
    verdict = judge(facts, RULES)
    assert verdict.verdict is Verdict.MISSING
    assert [one.sentence for one in verdict.rules if one.verdict is Verdict.MISSING] == [
        "缺整改前照片（按“实地整改：同一站位前后对照”）"
    ]


def test_an_open_question_makes_doubt_and_never_a_gap() -> None:
    facts = replace(_orchard(FULL), doubtful={Stage.BEFORE: 2})
    verdict = judge(facts, RULES)
    assert verdict.verdict is Verdict.UNCLEAR
    assert "整改前照片还有没说明的疑问" in verdict.rules[0].sentence
    assert judge(replace(facts, doubtful={Stage.BEFORE: 1}), RULES).verdict is Verdict.COMPLETE


def test_an_unknown_class_is_said() -> None:
    facts = replace(_orchard(BARE), class_after="", evidence=EvidenceCounts(ALL, ALL))
    verdict = judge(facts, RULES)
    assert verdict.verdict is Verdict.UNCLEAR
    assert "还没有流出后地类" in next(one.sentence for one in verdict.rules if one.rule.code == "orchard")


@pytest.mark.parametrize(
    ("finding", "proof", "codes"),
    [
        (Finding.MISJUDGED, None, ["misjudged"]),
        (Finding.TRUE, ProofKind.NATURAL_CHANGE, ["misjudged"]),
        (Finding.LAWFUL, None, ["lawful"]),
        (None, ProofKind.REGULARISED, ["lawful"]),
        (Finding.TRUE, None, []),
        (None, None, ["misjudged", "lawful"]),
    ],
)
def test_papers_are_judged_by_what_is_claimed(
    finding: Finding | None, proof: ProofKind | None, codes: Sequence[str]
) -> None:
    facts = replace(
        BARE, methods=frozenset({Method.PAPER}), class_after="0101", finding=finding, round=RoundFacts(proof_kind=proof)
    )
    assert [one.rule.code for one in judge(facts, RULES).rules] == codes


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("rule", "needs", []),
        ("rule", "needs", ["unheard"]),
        ("rule", "kinds", ["unheard"]),
        ("rule", "method", "magic"),
        ("rule", "colour", "red"),
        ("rule", "name", ""),
        ("photos", "edge_metres", -1),
        ("photos", "edge_metres", "50"),
        ("photos", "colour", 1),
    ],
)
def test_strange_rules_are_refused(part: str, key: str, value: Any) -> None:
    data = copy.deepcopy(DATA)
    (data[part][0] if part == "rule" else data[part])[key] = value
    with pytest.raises(RuleError) as refused:
        evidence_rules(data)
    assert refused.value.code == "evidence_rules"


def test_limits_of_questions_come_with_the_rules() -> None:
    data = copy.deepcopy(DATA)
    data["photos"]["edge_metres"] = 80
    assert evidence_rules(data).limits.edge_metres == 80
    assert RULES.limits.smallest_side == 640


def _orchard(facts: EvidenceFacts) -> EvidenceFacts:
    return replace(
        facts,
        kind=ProblemKind.NON_GRAIN,
        class_after="0201",
        finding=Finding.TRUE,
        methods=frozenset({Method.GROUND}),
    )


def test_all_rules_together_are_told_in_few_words_and_in_sentences() -> None:
    facts = replace(BARE, methods=frozenset({Method.GROUND}), kind=ProblemKind.ABANDONED)
    told = judge(facts, RULES)
    assert told.verdict is Verdict.MISSING
    assert told.brief == "缺整改前照片、整改后照片、种植作物、播种日期"
    first, *rest = told.sentence.split("；")
    assert first == "缺整改前照片、整改后照片（按“实地整改：同一站位前后对照”）"
    assert "（按“撂荒：复耕复种”）" in told.sentence
    unclear = [one for one in rest if one.startswith("存疑：还没有流出后地类")]
    assert len(unclear) == 1, "one reason is told once, with all its rules"
    assert unclear[0].count("“") > 1
    whole = judge(replace(FULL, methods=frozenset({Method.GROUND}), kind=ProblemKind.OTHER, class_after="0101"), RULES)
    assert (whole.brief, whole.sentence) == ("齐全", "齐全")
    assert judge(BARE, RULES).brief.startswith("存疑：还没有")
