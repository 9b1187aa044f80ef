"""Sentences with figures in them: proposed by the program, worded by a person, counted by nobody but the snapshot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gengdi_desktop.errors import ProgramError, RuleError
from gengdi_desktop.reports.document import Figure, Paragraph, Piece, on_paper
from gengdi_desktop.reports.facts.snapshot import FigureFact

_TOKEN = re.compile(r"【([^【】]{1,40})】")
_TYPED = re.compile(r"[0-9０-９][0-9０-９.,，．]*\s*(?:余|多)?(?:个|宗|块|处|亩|万亩|公顷|平方米|%|％)")
_LONGEST = 4000
_SHOWN = 20
_NOTHING = frozenset({"0", "0.00", "—"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A paragraph as a person may edit it.

    Args:
        key: Its name within the kind of report.
        text: Words with figures by name: ``下发图斑【下发个数】个``.
        by_hand: Whether it differs from the proposal.
        proposal: What the program proposes; every figure of it has to stay.
        lead: The run-in heading that stands before it; may be empty.
        problem: Why a person's words cannot be printed, and the proposal stands in the paper; None where they can.
    """

    key: str
    text: str
    by_hand: bool
    proposal: str = ""
    lead: str = ""
    problem: RuleError | None = None


def parts_of(text: str) -> tuple[tuple[str, bool], ...]:
    """The words of a wording in turn, and whether each is the name of a figure; empty words are left out."""
    return tuple((part, index % 2 == 1) for index, part in enumerate(_TOKEN.split(text)) if part)


class Writer:
    """Makes paragraphs from templates, or from a person's own wording of the same paragraph.

    Args:
        figures: All figures of the snapshot by key.
        own: A person's wordings by paragraph key.
        lenient: For drafts: where a person's words cannot be printed, the proposal stands in the paper and the
            wording says why; words for paragraphs that the paper does not have are left alone.
    """

    def __init__(self, figures: Mapping[str, FigureFact], own: Mapping[str, str], *, lenient: bool = False) -> None:
        self._by_key = figures
        self._by_name = {figure.name: figure for figure in figures.values()}
        self._own = own
        self._lenient = lenient
        self.wordings: list[Wording] = []

    def paragraph(self, key: str, template: str, lead: str = "") -> Paragraph:
        """A paragraph; figures stand in the template by name in 【】.

        Raises:
            RuleError: A person's wording leaves out a figure, types one, or names one that does not exist.
            ProgramError: The template names a figure that does not exist.
        """
        own = on_paper(self._own.get(key, ""))
        text = own or template
        problem = self.problem(own, template) if own else None
        if problem is not None and not self._lenient:
            raise problem
        if problem is not None:
            text = template
        if not own or problem is not None:
            self._require_known(template)
        by_hand = bool(own) and own != template
        self.wordings.append(Wording(key, own or template, by_hand, template, lead, problem))
        return Paragraph(key, self._pieces(text), lead, by_hand=by_hand and problem is None)

    def _require_known(self, template: str) -> None:
        if unknown := [name for name in _TOKEN.findall(template) if name not in self._by_name]:
            raise ProgramError("figure_unknown", f"报告模板里的数字“{unknown[0]}”没有来源，报告没有生成。")

    def some(self, key: str) -> bool:
        """Whether a figure is not nothing."""
        return self._by_key[key].exact not in _NOTHING

    def done(self) -> None:
        """Refuse wordings that no paragraph asked for.

        Raises:
            RuleError: ``wording_unknown``.
        """
        if self._lenient:
            return
        known = {wording.key for wording in self.wordings}
        for key in self._own:
            if key not in known:
                raise RuleError(
                    "wording_unknown", f"报告里没有叫“{key}”的段落，改写的文字没有用上。", "请重新打开报告再改。"
                )

    def _pieces(self, text: str) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for index, part in enumerate(_TOKEN.split(text)):
            if index % 2:
                figure = self._by_name[part]
                pieces.append(Figure(figure.key, figure.text))
            elif part:
                pieces.append(part)
        return tuple(pieces)

    def problem(self, own: str, template: str) -> RuleError | None:
        """Why a person's words cannot be printed (a figure lost, typed, or unknown; too long); None where they can."""
        if len(own) > _LONGEST:
            return RuleError("wording_long", "这一段超过 4000 字，报告没有生成。", "请分开写，或写进附件。")
        mine = _TOKEN.findall(own)
        for name in mine:
            if name not in self._by_name:
                return RuleError("figure_unknown", f"没有叫“【{name}】”的数字，报告没有生成。", "请从数字清单里选。")
        lost = [name for name in dict.fromkeys(_TOKEN.findall(template)) if name not in mine]
        if lost:
            names = "、".join(f"【{name}】" for name in lost)
            return RuleError(
                "figure_lost", f"改写时漏了{names}，报告没有生成。", "文字可以改，台账里的数字要留在段落里。"
            )
        if typed := _TYPED.search(_TOKEN.sub("", own)):
            return RuleError(
                "figure_typed",
                f"“{typed.group()[:_SHOWN]}”是手填的数字，报告没有生成。",
                "个数、面积和百分比要从台账里取，请用【】里的数字名称。",
            )
        return None
