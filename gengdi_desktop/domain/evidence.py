"""Which evidence a plot needs: rules read from data, what a claim lacks, and whether all is 齐全, 缺 or 存疑."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from gengdi_desktop.domain.choices import Choice, Finding, ProblemKind, ProofKind, Stage
from gengdi_desktop.domain.photo_questions import PhotoLimits
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts
from gengdi_desktop.errors import RuleError

_ROUND_FIELDS = frozenset({"crop", "sown_on", "demolition_record", "proof_statement", "proof_document"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be there.

    Args:
        code: Stable English name.
        label: Chinese name, as refusals and forms show it.
        field: The field of the round that must be filled; empty where files are asked for.
        stages: The stages at which files count together.
        photos: How many pictures; 0 where any file will do.
        files: How many files of any kind.
    """

    code: str
    label: str
    field: str = ""
    stages: tuple[Stage, ...] = ()
    photos: int = 0
    files: int = 0

    def met(self, round_facts: RoundFacts, evidence: EvidenceCounts) -> bool:
        """Whether the round's fields or the files at hand satisfy it."""
        if self.field:
            return bool(getattr(round_facts, self.field))
        photos = sum(evidence.photos.get(stage, 0) for stage in self.stages)
        files = sum(evidence.files.get(stage, 0) for stage in self.stages)
        return photos >= self.photos and files >= self.files


class Method(Choice):
    """By which way an area is settled, as rules ask for it."""

    GROUND = "ground", "实地整改"
    PAPER = "paper", "书面材料"


class Verdict(Choice):
    """What can be said of a plot's evidence."""

    COMPLETE = "complete", "齐全"
    MISSING = "missing", "缺"
    UNCLEAR = "unclear", "存疑"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """What plots of one kind need beyond the claim; a condition that is empty holds for all.

    Args:
        code: Stable English name.
        name: Chinese name, told wherever the rule speaks.
        needs: What must be there.
        method: For areas settled that way.
        kinds: Of the problem.
        classes: Beginnings of codes of the class after.
        findings: Of the self-check, or of ``proofs``: one of both is enough.
        proofs: What a contest says.
    """

    code: str
    name: str
    needs: tuple[Requirement, ...]
    method: Method | None = None
    kinds: tuple[ProblemKind, ...] = ()
    classes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    proofs: tuple[ProofKind, ...] = ()

    def applies(self, facts: EvidenceFacts) -> bool | None:
        """Whether the rule is for such a plot; None where the ledger does not know enough to tell."""
        conditions: list[bool | None] = []
        if self.method is not None:
            conditions.append(self.method in facts.methods if facts.methods else None)
        if self.kinds:
            conditions.append(facts.kind in self.kinds if facts.kind else None)
        if self.classes:
            conditions.append(facts.class_after.startswith(self.classes) if facts.class_after else None)
        if self.findings or self.proofs:
            known = facts.finding is not None or facts.round.proof_kind is not None
            conditions.append(
                facts.finding in self.findings or facts.round.proof_kind in self.proofs if known else None
            )
        if False in conditions:
            return False
        return None if None in conditions else True


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What rules ask of a plot.

    Args:
        kind: Of the problem; None where not known.
        class_after: The code of the class after; empty where not known.
        finding: Of the self-check.
        methods: By which ways areas are settled; empty while none is.
        round: The current round.
        evidence: Counts of its files.
        doubtful: How many of its photos have an open question, by stage.
    """

    kind: ProblemKind | None = None
    class_after: str = ""
    finding: Finding | None = None
    methods: frozenset[Method] = frozenset()
    round: RoundFacts = field(default_factory=RoundFacts)
    evidence: EvidenceCounts = field(default_factory=EvidenceCounts)
    doubtful: Mapping[Stage, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one rule says: what is missing, or why it cannot be judged."""

    rule: EvidenceRule
    verdict: Verdict
    lacking: tuple[Requirement, ...] = ()
    why: str = ""

    @property
    def sentence(self) -> str:
        """In words, with the rule's name: 缺整改前照片（按“园地恢复耕种”）."""
        labels = "、".join(one.label for one in self.lacking)
        told = {
            Verdict.COMPLETE: "齐全",
            Verdict.MISSING: f"缺{labels}",
            Verdict.UNCLEAR: f"存疑：{self.why}",
        }[self.verdict]
        return f"{told}（按“{self.rule.name}”）"


@dataclass(frozen=True, slots=True)
class EvidenceVerdict:
    """What all rules together say; 存疑 where no rule could be asked."""

    verdict: Verdict
    rules: tuple[RuleVerdict, ...] = ()

    @property
    def brief(self) -> str:
        """In a few words, as a table shows it: 缺整改前照片、拆除记录; 存疑：还没有整改面积; 齐全."""
        same = [one for one in self.rules if one.verdict is self.verdict]
        if self.verdict is Verdict.MISSING:
            labels = dict.fromkeys(need.label for one in same for need in one.lacking)
            return f"缺{'、'.join(labels)}"
        whys = dict.fromkeys(one.why.split("，")[0] for one in same if one.why)
        return "：".join(filter(None, (self.verdict.label, "、".join(whys))))

    @property
    def sentence(self) -> str:
        """What the rules say that are not satisfied, with their names; 齐全 where all are."""
        told = [one.sentence for one in self.rules if one.verdict is Verdict.MISSING]
        unclear = [one for one in self.rules if one.verdict is Verdict.UNCLEAR]
        for why in dict.fromkeys(one.why for one in unclear):
            names = "".join(f"“{one.rule.name}”" for one in unclear if one.why == why)
            told.append(f"存疑：{why}（按{names}）")
        return "；".join(told) or self.verdict.label


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """The rules of one version, printed in the report that used them.

    Args:
        version: The version of the data.
        source: The document it follows.
        ground: For areas settled on the ground, by problem kind; each of the four kinds has its line.
        paper: For areas settled by papers.
        rules: What a whole file needs, by finer kinds.
        limits: From when on something is asked of a photo.
    """

    version: str
    source: str
    ground: Mapping[ProblemKind, tuple[Requirement, ...]]
    paper: tuple[Requirement, ...]
    rules: tuple[EvidenceRule, ...] = ()
    limits: PhotoLimits = field(default_factory=PhotoLimits)

    def needed(self, kind: ProblemKind, *, ground: bool, paper: bool) -> tuple[Requirement, ...]:
        """What a plot of that kind needs, each thing once."""
        needed = (self.ground[kind] if ground else ()) + (self.paper if paper else ())
        return tuple(dict.fromkeys(needed))


def evidence_rules(data: Mapping[str, object]) -> EvidenceRules:
    """Read the rules from parsed data (``resources/rules/evidence.toml`` shows the shape).

    Raises:
        RuleError: ``evidence_rules``: the data name a stage, field, kind or requirement that is not known, or lack one.
    """
    try:
        rows = cast("Sequence[Mapping[str, object]]", data["requirement"])
        known = {str(row["code"]): _requirement(row) for row in rows}
        ground = cast("Mapping[str, Sequence[str]]", data["ground"])
        paper = cast("Mapping[str, Sequence[str]]", data["paper"])
        return EvidenceRules(
            version=str(data["version"]),
            source=str(data["source"]),
            ground={kind: tuple(known[code] for code in ground[kind]) for kind in ProblemKind},
            paper=tuple(known[code] for code in paper["all"]),
            rules=tuple(_rule(row, known) for row in cast("Sequence[Mapping[str, object]]", data.get("rule", ()))),
            limits=_limits(cast("Mapping[str, object]", data.get("photos", {}))),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as found:
        raise RuleError(
            "evidence_rules", f"证据规则里有读不懂的一项：{found}。", "请改回程序自带的规则，或核对这一项。"
        ) from found


def missing_evidence(plot: PlotFacts, rules: EvidenceRules) -> tuple[Requirement, ...]:
    """What a plot still lacks for a claim; a plot of unknown kind is asked for what 其他 needs."""
    filled = plot.round.buckets.filled
    needed = rules.needed(
        plot.kind or ProblemKind.OTHER,
        ground=any(not bucket.on_paper for bucket in filled),
        paper=any(bucket.on_paper for bucket in filled),
    )
    return tuple(requirement for requirement in needed if not requirement.met(plot.round, plot.evidence))


def judge(facts: EvidenceFacts, rules: EvidenceRules) -> EvidenceVerdict:
    """Judge a plot's evidence by every rule that is for it, or may be.

    A rule says 缺 or 齐全 only where it is known to be for the plot; where that is not known it is silent if all it
    asks for is there, else 存疑.
    """
    told = tuple(one for one in (_by_rule(rule, facts) for rule in rules.rules) if one is not None)
    for verdict in (Verdict.MISSING, Verdict.UNCLEAR, Verdict.COMPLETE):
        if any(one.verdict is verdict for one in told):
            return EvidenceVerdict(verdict, told)
    return EvidenceVerdict(Verdict.UNCLEAR)


def _by_rule(rule: EvidenceRule, facts: EvidenceFacts) -> RuleVerdict | None:
    applies = rule.applies(facts)
    if applies is False:
        return None
    lacking = tuple(one for one in rule.needs if not one.met(facts.round, facts.evidence))
    if applies is None:
        return RuleVerdict(rule, Verdict.UNCLEAR, why=_unknown(rule, facts)) if lacking else None
    if lacking:
        return RuleVerdict(rule, Verdict.MISSING, lacking)
    doubted = [one for one in rule.needs if not one.met(facts.round, _undoubted(facts))]
    if doubted:
        labels = "、".join(one.label for one in doubted)
        return RuleVerdict(rule, Verdict.UNCLEAR, why=f"{labels}还有没说明的疑问")
    return RuleVerdict(rule, Verdict.COMPLETE)


def _undoubted(facts: EvidenceFacts) -> EvidenceCounts:
    """The counts without photos that have an open question."""
    counts = facts.evidence
    photos, files = (
        {stage: max(0, count - facts.doubtful.get(stage, 0)) for stage, count in of.items()}
        for of in (counts.photos, counts.files)
    )
    return EvidenceCounts(photos, files)


def _unknown(rule: EvidenceRule, facts: EvidenceFacts) -> str:
    """Which fact is missing to tell whether a rule is for a plot."""
    unknown = [
        word
        for asked, known, word in (
            (rule.method is not None, bool(facts.methods), "整改面积"),
            (bool(rule.kinds), facts.kind is not None, "问题类型"),
            (bool(rule.classes), bool(facts.class_after), "流出后地类"),
            (bool(rule.findings or rule.proofs), facts.finding is not None, "自查结论"),
        )
        if asked and not known
    ]
    return f"还没有{'、'.join(unknown)}，不知道是不是要看这一条"


def _rule(row: Mapping[str, object], known: Mapping[str, Requirement]) -> EvidenceRule:
    def texts(key: str) -> Sequence[str]:
        return cast("Sequence[str]", row.get(key, ()))

    strange = set(row) - {"code", "name", "needs", "method", "kinds", "classes", "findings", "proofs"}
    if strange or not texts("needs") or not row["name"]:
        raise ValueError(row["code"])
    return EvidenceRule(
        str(row["code"]),
        str(row["name"]),
        tuple(known[code] for code in texts("needs")),
        Method(str(row["method"])) if "method" in row else None,
        tuple(ProblemKind(kind) for kind in texts("kinds")),
        tuple(texts("classes")),
        tuple(Finding(finding) for finding in texts("findings")),
        tuple(ProofKind(proof) for proof in texts("proofs")),
    )


def _limits(row: Mapping[str, object]) -> PhotoLimits:
    strange = [key for key, value in row.items() if type(value) is not int or value < 0]
    if strange:
        raise ValueError(strange[0])
    return PhotoLimits(**cast("Mapping[str, int]", row))


def _requirement(row: Mapping[str, object]) -> Requirement:
    field = str(row.get("field", ""))
    stages = cast("Sequence[str]", row.get("stages", ()))
    photos, files = cast("int", row.get("photos", 0)), cast("int", row.get("files", 0))
    if bool(field) == bool(stages) or (field and field not in _ROUND_FIELDS) or (stages and photos + files < 1):
        raise ValueError(row["code"])
    return Requirement(
        str(row["code"]), str(row["label"]), field, tuple(Stage(stage) for stage in stages), photos=photos, files=files
    )
