"""Two states of the same report side by side: figures that differ with the plots behind them, and words that differ.

Pure: a side is a snapshot, its figures and a paper, wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind, SpotCheckOutcome
from gengdi_desktop.domain.states import Bucket, Label, State
from gengdi_desktop.reports.composing import headings_of
from gengdi_desktop.reports.document import Document, Figure, Paper, Paragraph, Section, day_text
from gengdi_desktop.reports.facts.figures import figures_of
from gengdi_desktop.reports.facts.snapshot import FigureFact, PlotFact, Snapshot, word_of
from gengdi_desktop.reports.made_files import Progress

MOST_FOLLOWED = 5_000
"""Where more plots differ, figures are not followed back one by one: nobody reads that, and it takes minutes."""
_NOTHING = "（空）"
_WORDS: Mapping[str, str] = {
    "village": "村", "plot_no": "图斑编号", "kind": "问题类型", "class_after": "流出后地类", "issued": "下发面积",
    "basic": "永久基本农田面积", "state": "状态", "label": "类别", "checked_on": "自查日期", "finding": "自查结论",
    "class_now": "现状地类", "cause": "成因", "party": "占用主体", "rectify": "需要整改", "target": "应整改面积",
    "buckets": "已落实", "not_required_reason": "不需整改部分的理由", "disposal": "处置类别", "measure": "整改措施",
    "person": "责任人", "person_title": "责任人职务", "person_phone": "责任人办公电话", "leader": "责任领导",
    "deadline": "时限", "crop": "种植作物", "claimed_on": "申报日期", "accepted_on": "镇级验收日期",
    "county_accepted_on": "县级验收日期", "closed_on": "销号日期", "held": "暂缓争议", "returned": "退回",
    "overdue": "超期", "single_handed": "一人经办", "cancelled_by": "核减文号", "files": "照片和文书份数",
    "remark": "备注",
}  # fmt: skip
"""The facts of a plot that people are told, in this order."""
_CHECK_WORDS: Mapping[str, str] = {
    "outcome": "抽查结果", "measured": "实测面积", "found": "抽查发现的问题", "checkers": "抽查人",
    "on_date": "抽查日期", "sent_back": "抽查后退回", "replaced": "无法到场、被替换", "area": "抽查时的申报面积",
}  # fmt: skip
"""What the spot check says of a plot, in this order."""
_CHOICES: Mapping[str, type[ProblemKind | Finding | DisposalClass | SpotCheckOutcome]] = {
    "kind": ProblemKind, "finding": Finding, "disposal": DisposalClass, "outcome": SpotCheckOutcome,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One state of a report.

    Attributes:
        words: What people call it: 第 1 版, 现在的台账.
        day: The day of its facts.
        settled: Whether number, day and signers are settled, so that they can differ.
    """

    words: str
    day: date
    snapshot: Snapshot
    paper: Paper
    settled: bool = True


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One fact of a plot in both states, as people read it."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PlotDifference:
    """A plot that differs; one that is in one state only has ``old`` or ``new`` in ``only``, and no fields."""

    id: str
    name: str
    only: str
    fields: tuple[FieldDifference, ...]

    @property
    def sentence(self) -> str:
        """状态由 整改中 变为 已申报；…."""
        if self.only:
            return "新的里面才有" if self.only == "new" else "新的里面没有了"
        return "；".join(f"{one.name}由 {one.old} 变为 {one.new}" for one in self.fields)


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure that differs, with the plots that make the difference (by id)."""

    key: str
    name: str
    unit: str
    basis: str
    old: str
    new: str
    plots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordDifference:
    """Words that differ beside the figures in them; empty where a paragraph stands in one state only."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FactDifferences:
    """What differs between the facts of two states, whatever paper they stand on.

    Attributes:
        followed: Whether figures were followed back; not where more than :data:`MOST_FOLLOWED` plots differ.
    """

    figures: tuple[FigureDifference, ...]
    plots: tuple[PlotDifference, ...]
    followed: bool

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.figures or self.plots)


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two states of a report.

    Attributes:
        old: What people call the older state.
        new: What people call the newer one.
        followed: Whether figures were followed back; not where more than :data:`MOST_FOLLOWED` plots differ.
    """

    old: str
    new: str
    figures: tuple[FigureDifference, ...]
    plots: tuple[PlotDifference, ...]
    words: tuple[WordDifference, ...]
    followed: bool = True

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.figures or self.plots or self.words)

    def as_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {
            "old": self.old,
            "new": self.new,
            "followed": self.followed,
            "figures": [
                {"figure": one.key, "name": one.name, "unit": one.unit, "old": one.old, "new": one.new,
                 "plots": list(one.plots)}
                for one in self.figures
            ],
            "plots": [
                {"plot": one.id, "name": one.name, "only": one.only or None,
                 "fields": [{"name": part.name, "old": part.old, "new": part.new} for part in one.fields]}
                for one in self.plots
            ],
            "words": [{"place": one.place, "old": one.old, "new": one.new} for one in self.words],
        }  # fmt: skip


def compare(old: Side, new: Side, progress: Progress | None = None) -> Differences:
    """What differs between two states of a report.

    Args:
        old: The older state.
        new: The newer state.
        progress: Told how many of the differing plots are followed; may raise to stop.
    """
    facts = compare_facts(old.snapshot, new.snapshot, progress)
    words = tuple(_words(old, new))
    return Differences(old.words, new.words, facts.figures, facts.plots, words, facts.followed)


# -------------------------------------------------------------------------------------------------- plots and figures


def compare_facts(old: Snapshot, new: Snapshot, progress: Progress | None = None) -> FactDifferences:
    """What differs between two snapshots; arguments as of :func:`compare`."""
    pairs = _pairs(old, new)
    told = (_plot(key, before, after, _check_fields(old, new, key)) for key, before, after in pairs)
    plots = tuple(one for one in told if one.only or one.fields)
    followed = len(plots) <= MOST_FOLLOWED
    behind = _followed(old, new, pairs, progress) if followed else {}
    return FactDifferences(tuple(_figures(old, new, behind)), plots, followed)


def _pairs(old: Snapshot, new: Snapshot) -> list[tuple[str, PlotFact | None, PlotFact | None]]:
    """The plots that differ, each with both states; in the order of the newer list, the vanished ones last."""
    before, after = ({one.id: one for one in side.plots} for side in (old, new))
    checks, later = ({one.plot: one for one in side.checks} for side in (old, new))
    order = dict.fromkeys([*after, *before])
    return [
        (key, before.get(key), after.get(key))
        for key in order
        if before.get(key) != after.get(key) or checks.get(key) != later.get(key)
    ]


def _plot(key: str, old: PlotFact | None, new: PlotFact | None, checked: tuple[FieldDifference, ...]) -> PlotDifference:
    either = new or old
    name = f"{either.village} {either.plot_no}".strip() if either else key
    if old is None or new is None:
        return PlotDifference(key, name or "（无编号图斑）", "new" if old is None else "old", ())
    changed = (
        FieldDifference(word, _shown(name, getattr(old, name)), _shown(name, getattr(new, name)))
        for name, word in _WORDS.items()
        if getattr(old, name) != getattr(new, name)
    )
    return PlotDifference(key, name or "（无编号图斑）", "", (*changed, *checked))


def _check_fields(old: Snapshot, new: Snapshot, plot: str) -> tuple[FieldDifference, ...]:
    """What the spot check found at a plot then and now."""
    before, after = old.check_of(plot), new.check_of(plot)
    if before == after:
        return ()
    return tuple(
        FieldDifference(word, *told)
        for name, word in _CHECK_WORDS.items()
        if len(set(told := tuple(_shown(name, getattr(one, name, None)) for one in (before, after)))) > 1
    )


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Buckets):
        told = [f"{bucket.label} {value[bucket].spoken()} 亩" for bucket in Bucket if value[bucket] > Area.ZERO]
        return "、".join(told) or "0.00 亩"
    if isinstance(value, (State, Label)):
        return value.label
    if value is None or value == "":
        return _NOTHING
    return word_of(_CHOICES[name], str(value)) if name in _CHOICES else _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, Area):
        return f"{value.spoken()} 亩"
    return day_text(value) if isinstance(value, date) else str(value)


def _figures(old: Snapshot, new: Snapshot, behind: Mapping[str, list[str]]) -> Iterator[FigureDifference]:
    before, after = figures_of(old), figures_of(new)
    for key, figure in after.items():
        earlier = before.get(key)
        if earlier is not None and earlier.exact != figure.exact:
            told = (earlier.text, figure.text)
            if told[0] == told[1]:
                told = (earlier.exact, figure.exact)
            yield FigureDifference(key, figure.name, figure.unit, figure.basis, *told, plots=tuple(behind.get(key, ())))


def _followed(
    old: Snapshot,
    new: Snapshot,
    pairs: list[tuple[str, PlotFact | None, PlotFact | None]],
    progress: Progress | None,
) -> dict[str, list[str]]:
    """For each figure the plots whose own share of it differs: what a plot adds is the figure of that plot alone."""
    behind: dict[str, list[str]] = {}
    for at, (key, before, after) in enumerate(pairs):
        if progress is not None:
            progress(at, len(pairs))
        one, other = (_alone(side, plot) for side, plot in ((old, before), (new, after)))
        for name in dict.fromkeys([*other, *one]):
            # Figures of a year stand only where a plot has that year.
            if _exact(one, name) != _exact(other, name):
                behind.setdefault(name, []).append(key)
    return behind


def _exact(figures: Mapping[str, FigureFact], name: str) -> str:
    return figures[name].exact if name in figures else ""


def _alone(snapshot: Snapshot, plot: PlotFact | None) -> dict[str, FigureFact]:
    return figures_of(snapshot.alone(plot))


# -------------------------------------------------------------------------------------------------------------- words


def _words(old: Side, new: Side) -> Iterator[WordDifference]:
    before, after = _heads(old), _heads(new)
    both_settled = old.settled and new.settled
    for place, now in after.items():
        then = before.get(place, "")
        if then != now and (both_settled or place not in {"发文字号", "成文日期"}):
            yield WordDifference(place, then, now)
    yield from _paragraph_words(old, new)


def _heads(side: Side) -> dict[str, str]:
    """What stands around the text, by its place."""
    paper = side.paper
    signers = paper.signature.signers if isinstance(paper, Document) else paper.signers
    told = {
        "标题": paper.title_text,
        "发文字号": paper.number,
        "主送": paper.recipient,
        "签名人": "、".join(f"{one.role}{one.name}" for one in signers),
    }
    if isinstance(paper, Document):
        day = paper.signature.day
        told |= {
            "签发人": paper.issued_by,
            "落款": paper.signature.organ,
            "成文日期": day_text(day) if day else "",
            "联系人": paper.contact,
            "抄送": paper.colophon.copy_to,
        }
    return told


def _paragraph_words(old: Side, new: Side) -> Iterator[WordDifference]:
    before, after = (_paragraphs(side.paper) for side in (old, new))
    places = {**headings_of(old.paper), **headings_of(new.paper)}
    for key in dict.fromkeys([*after, *before]):
        then, now = before.get(key), after.get(key)
        if _worded(then) != _worded(now):
            place = places.get(key) or "开头和结尾"
            yield WordDifference(place, then.text if then else "", now.text if now else "")


def _paragraphs(paper: Paper) -> dict[str, Paragraph]:
    if not isinstance(paper, Document):
        return {}
    inside = chain.from_iterable(_of_section(one) for one in paper.sections)
    return {one.key: one for one in (*paper.opening, *inside, *paper.closing)}


def _of_section(section: Section) -> Iterator[Paragraph]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Section):
            yield from _of_section(block)


def _worded(paragraph: Paragraph | None) -> str | None:
    """The words of a paragraph with the names of its figures: other figures are no other words."""
    if paragraph is None:
        return None
    pieces = (f"【{one.key}】" if isinstance(one, Figure) else one for one in paragraph.pieces)
    return f"{paragraph.lead}{''.join(pieces)}"
