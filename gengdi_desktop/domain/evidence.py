"""Which evidence a claim needs: rules read from data, and what of it a plot still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gengdi_desktop.domain.choices import ProblemKind, Stage
from gengdi_desktop.domain.plots import EvidenceCounts, PlotFacts, RoundFacts
from gengdi_desktop.errors import RuleError

_ROUND_FIELDS = frozenset({"crop", "sown_on", "demolition_record"})


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


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """The rules of one version, printed in the report that used them.

    Args:
        version: The version of the data.
        source: The document it follows.
        ground: For areas settled on the ground, by problem kind; each of the four kinds has its line.
        paper: For areas settled by papers.
    """

    version: str
    source: str
    ground: Mapping[ProblemKind, tuple[Requirement, ...]]
    paper: tuple[Requirement, ...]

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


def _requirement(row: Mapping[str, object]) -> Requirement:
    field = str(row.get("field", ""))
    stages = cast("Sequence[str]", row.get("stages", ()))
    photos, files = cast("int", row.get("photos", 0)), cast("int", row.get("files", 0))
    if bool(field) == bool(stages) or (field and field not in _ROUND_FIELDS) or (stages and photos + files < 1):
        raise ValueError(row["code"])
    return Requirement(
        str(row["code"]), str(row["label"]), field, tuple(Stage(stage) for stage in stages), photos=photos, files=files
    )
