"""The report's words: every paragraph under its heading, figures locked, what is wrong told below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gengdi_desktop.ui.dialogs.figure_dialog import FigureDialog
from gengdi_desktop.ui.widgets.figure_text import FigureText, Parts, ShownFigure
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.page import scrolling
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import Block

if TYPE_CHECKING:
    from gengdi_desktop.errors import RuleError
    from gengdi_desktop.reports.drafts import Draft
    from gengdi_desktop.reports.wording import Wording

_REST_MS: Final = 1000
_HINT: Final = "带底色的数来自台账，改不了也删不掉；指着它，就知道是哪个数。别的字随您改，停一下就存好。"


class _Paragraph(QWidget):
    """One paragraph with its state: proposed, worded by hand, or not printable and why."""

    worded = Signal()

    def __init__(
        self, wording: Wording, name: str, parts: Parts, figures: Mapping[str, ShownFigure], ask: Callable[[], object]
    ) -> None:
        super().__init__()
        self.key, self.proposal = wording.key, wording.proposal
        self._parts, self._figures = parts, figures
        self.field = FigureText(name, parts)
        self._state = label("", "small")
        self._told = label("", "small", wrap=True)
        self._wrong = row(mark("stop", "seal", 14), gap=6)
        self._why = label("", "small", "seal", wrap=True)
        self._wrong.addWidget(self._why, 1)
        self._wrong_line = QWidget()
        self._wrong_line.setLayout(self._wrong)
        self._back = button("恢复原文", "link", name=f"{name}恢复原文", pressed=self.put_back)
        self._add = button("插入数字", "link", "plus", name=f"{name}插入数字", pressed=ask)
        foot = row(self._state, gap=8)
        foot.addWidget(self._told, 1)
        foot.addWidget(self._back)
        foot.addWidget(self._add)
        lay = column(gap=2)
        if wording.lead:
            lay.addWidget(label(wording.lead, "label"))
        lay.addWidget(self.field)
        lay.addWidget(self._wrong_line)
        lay.addLayout(foot)
        self.setLayout(lay)
        self._put(wording.text)
        self.field.worded.connect(self._worded)
        self.field.beside.connect(self._told.setText)
        self.field.locked.connect(self._locked)
        self.show_problem(wording.problem)

    @property
    def by_hand(self) -> bool:
        """Whether somebody has put own words here."""
        return bool(self.words) and self.words != self.proposal

    @property
    def words(self) -> str:
        """The words as they stand, figures by name."""
        return self.field.wording().strip()

    def put_back(self) -> None:
        """The proposal again."""
        self._put(self.proposal)
        self._worded()

    def show_problem(self, problem: RuleError | None) -> None:
        """Say why the words cannot be printed; the paper shows the proposal meanwhile."""
        self._wrong_line.setVisible(problem is not None)
        if problem is not None:
            what = problem.message.replace("，报告没有生成。", "。")
            self._why.setText(f"{what}{problem.hint}改好以前，报告里用原文。")
        self._state.setText("您改过" if self.by_hand else "原文")
        self._back.setVisible(self.by_hand)

    def _put(self, text: str) -> None:
        required = frozenset(part for part, figure in self._parts(self.proposal) if figure)
        self.field.set_wording(text, self._figures, required)

    def _worded(self) -> None:
        self._told.setText("")
        self.worded.emit()

    def _locked(self, names: str) -> None:
        self._told.setText(f"“{names}”要留在这一段，没有删。想挪地方，先复制到别处再删这里。")


class ProseEditor(QFrame):
    """All paragraphs of a draft.

    Signal: ``worded`` with the wordings by paragraph key once somebody has rested, or leaves.
    """

    worded = Signal(dict)

    def __init__(self, open_dialog: Callable[[DialogSheet], object]) -> None:
        super().__init__()
        self.setProperty("sheet", "desk")
        self._open_dialog = open_dialog
        self._draft: Draft | None = None
        self._others: dict[str, str] = {}
        self._figures: dict[str, ShownFigure] = {}
        self._paragraphs: list[_Paragraph] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.tell)
        self._place = QVBoxLayout()
        self._place.setSpacing(10)
        paper = Block("framed", pad=20)
        paper.setProperty("sheet", "true")
        paper.body.addWidget(label(_HINT, "small", wrap=True))
        paper.body.addLayout(self._place)
        paper.body.addStretch(1)
        self._area = scrolling(paper)
        self.setLayout(column(self._area, gap=0, margins=(8, 8, 8, 8)))

    def show_draft(self, draft: Draft, headings: Mapping[str, str]) -> None:
        """Show the paragraphs of a draft; where they are the same ones, the cursor stays where it is."""
        from gengdi_desktop.reports.service import parts_of

        fresh = {one.key: one for one in draft.wordings}
        before = self._draft
        self._draft = draft
        self._others = {key: text for key, text in draft.settings.wording.items() if key not in fresh}
        self._figures = {one.name: _shown(one.name, one.text, one.unit, one.basis) for one in draft.figures.values()}
        if before is not None and _same(before, draft) and self._stands(fresh):
            for one in self._paragraphs:
                one.show_problem(fresh[one.key].problem)
            return
        clear(self._place)
        self._paragraphs = []
        heading = ""
        order = list(headings)
        for wording in sorted(draft.wordings, key=lambda one: order.index(one.key) if one.key in headings else -1):
            title = headings.get(wording.key, "")
            if title != heading:
                self._place.addWidget(line())
                self._place.addWidget(label(title, "section"))
                heading = title
            name = f"{title}{wording.lead}" or "开头"
            made = _Paragraph(wording, name, parts_of, self._figures, partial(self._ask_figure, len(self._paragraphs)))
            made.worded.connect(partial(self._changed, made))
            self._place.addWidget(made)
            self._paragraphs.append(made)

    def _stands(self, fresh: Mapping[str, Wording]) -> bool:
        """Whether these paragraphs stand here already, or are being typed in just now."""
        if {one.key for one in self._paragraphs} != set(fresh):
            return False
        return self.pending or all(one.words == fresh[one.key].text for one in self._paragraphs)

    @property
    def wordings(self) -> dict[str, str]:
        """What was worded by hand, by paragraph key; words for paragraphs that are not in this draft are kept."""
        return self._others | {one.key: one.words for one in self._paragraphs if one.by_hand}

    @property
    def pending(self) -> bool:
        """Whether something was typed that was not told yet."""
        return self._rest.isActive()

    def tell(self) -> None:
        """Tell now what was worded."""
        self._rest.stop()
        self.worded.emit(self.wordings)

    def _changed(self, paragraph: _Paragraph) -> None:
        from gengdi_desktop.reports.service import wording_problem

        if self._draft is not None:
            paragraph.show_problem(wording_problem(self._draft, paragraph.key, paragraph.words))
        self._rest.start()

    def _ask_figure(self, at: int) -> None:
        dialog = FigureDialog(tuple(self._figures.values()))
        dialog.wished.connect(self._paragraphs[at].field.insert_figure)
        self._open_dialog(dialog)


def _same(one: Draft, other: Draft) -> bool:
    """Whether two drafts propose the same words with the same figures."""
    proposals = [[(w.key, w.proposal) for w in draft.wordings] for draft in (one, other)]
    return proposals[0] == proposals[1] and one.figures == other.figures


def _shown(name: str, text: str, unit: str, basis: str) -> ShownFigure:
    value = text if unit == "%" else f"{text} {unit}"
    return ShownFigure(name, text, f"{name} {value}：{basis}")
