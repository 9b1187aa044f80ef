"""看差别: the figures that differ, each leading to the plots behind it, and the words that differ, old under new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.page import scrolling
from gengdi_desktop.ui.widgets.parts import RIGHT, ElidedLabel, boxed, button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet

if TYPE_CHECKING:
    from gengdi_desktop.reports.comparing import Differences, FigureDifference, PlotDifference

_IN_SIGHT: Final = 200
"""So many plots are listed at once; the rest is told by number."""
_NAME: Final = 168


class DifferencesView(QWidget):
    """In the place of the paper while two states of a report are compared.

    Args:
        opened: Gets the ids in sight, what they are, and the one that was pressed.
        left: Called where the person goes back to the paper.
    """

    def __init__(self, opened: Callable[[tuple[str, ...], str, str], object], left: Callable[[], object]) -> None:
        super().__init__()
        self.setAccessibleName("差别")
        self._opened = opened
        self._found: Differences | None = None
        self._figure = ""
        self._title = ElidedLabel("", "section")
        self.back = button("看版面", "link", pressed=left)
        head = row(self._title, None, self.back, gap=8, margins=(2, 0, 2, 4))
        self._inside = column(gap=12, margins=(0, 0, 8, 8))
        self._plots = Sheet("图斑", " ")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._plots.body.addLayout(self._rows)
        area = scrolling(boxed(self._inside))
        area.widget().setAutoFillBackground(False)
        lay = column(head, gap=4)
        lay.addWidget(area, 1)
        self.setLayout(lay)

    def show_differences(self, found: Differences) -> None:
        """Show what differs; the plots of all figures first."""
        self._found, self._figure = found, ""
        self._title.set_words(f"{found.old}，和{found.new}比")
        self._inside.removeWidget(self._plots)
        clear(self._inside)
        if found.nothing:
            told = "没有差别：数字、图斑和文字都一样。"
            self._inside.addLayout(row(mark("check", "land", 16), label(told), None, margins=(4, 8, 4, 8)))
        if found.figures:
            self._inside.addWidget(self._figure_sheet(found.figures))
        self._inside.addWidget(self._plots)
        self._plots.setVisible(bool(found.plots))
        if found.words:
            self._inside.addWidget(_word_sheet(found))
        self._inside.addStretch(1)
        self._show_plots()

    def _figure_sheet(self, figures: Sequence[FigureDifference]) -> Sheet:
        sheet = Sheet("数字", f"{len(figures)} 个不一样，点一行看是哪些图斑")
        for one in figures:
            sheet.body.addWidget(line())
            lay = row(gap=12, margins=(0, 3, 4, 3))
            lay.addWidget(label(one.name, wrap=True), 3)
            lay.addWidget(label(f"{one.old} → {one.new} {one.unit}", "value", align=RIGHT), 3)
            behind = f"{words.count(len(one.plots))} 个图斑" if one.plots else ""
            many = label(behind, "small", align=RIGHT)
            many.setMinimumWidth(px(72))
            lay.addWidget(many)
            if one.plots:
                lay.addWidget(mark("right", "ink3", 14))
            told = f"{one.name}，由 {one.old} 变为 {one.new} {one.unit}，{behind}"
            made: QWidget = PressRow(told, partial(self._follow, one.key)) if one.plots else QWidget()
            made.setLayout(lay)
            made.setToolTip(one.basis)
            sheet.body.addWidget(made)
        return sheet

    def _follow(self, figure: str) -> None:
        """The plots of one figure, and the eye on them; pressed again, of all."""
        self._figure = "" if figure == self._figure else figure
        self._show_plots()
        first = self._plots.findChild(PressRow)
        if first is not None:
            first.setFocus()

    def _show_plots(self) -> None:
        found = self._found
        clear(self._rows)
        if found is None:
            return
        figure = next((one for one in found.figures if one.key == self._figure), None)
        wanted = set(figure.plots) if figure else None
        shown = [one for one in found.plots if wanted is None or one.id in wanted]
        many = words.count(len(shown))
        what = f"“{figure.name}”差在这 {many} 个" if figure else f"{many} 个不一样"
        self._plots.set_note(what if found.followed else f"{what}，太多了，没有逐个数对到图斑")
        ids = tuple(one.id for one in shown if one.only != "old")
        title = figure.name if figure else "报告的差别"
        for one in shown[:_IN_SIGHT]:
            self._rows.addWidget(line())
            self._rows.addWidget(self._plot_row(one, ids, title))
        if len(shown) > _IN_SIGHT:
            told = f"还有 {words.count(len(shown) - _IN_SIGHT)} 个没有列出。点上面的一个数字，只看它的图斑。"
            self._rows.addWidget(label(told, "small", wrap=True))

    def _plot_row(self, one: PlotDifference, ids: tuple[str, ...], title: str) -> QWidget:
        name = ElidedLabel(one.name)
        name.setFixedWidth(px(_NAME))
        lay = row(gap=12, margins=(0, 3, 4, 3))
        lay.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        lay.addWidget(label(one.sentence, "value", wrap=True), 1)
        made: QWidget = QWidget()
        if one.only != "old":
            lay.addWidget(mark("right", "ink3", 14))
            made = PressRow(f"{one.name}，{one.sentence}", lambda: self._opened(ids, title, one.id))
        made.setLayout(lay)
        return made


def _word_sheet(found: Differences) -> Sheet:
    sheet = Sheet("文字", f"{len(found.words)} 处不一样，不一样的字下面划了线")
    for one in found.words:
        sheet.body.addWidget(line())
        sheet.body.addWidget(label(one.place, "label"))
        for word, html in zip(("原来", "现在"), marked(one.old, one.new), strict=True):
            lay = row(gap=8)
            lay.addWidget(label(word, "small"), 0, Qt.AlignmentFlag.AlignTop)
            text = QLabel(html)
            text.setTextFormat(Qt.TextFormat.RichText)
            text.setProperty("role", "value")
            text.setWordWrap(True)
            lay.addWidget(text, 1)
            sheet.body.addLayout(lay)
    return sheet


def marked(old: str, new: str) -> tuple[str, str]:
    """Both texts as rich text with a line under what the other has not."""
    pieces: tuple[list[str], list[str]] = ([], [])
    for kind, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, text, (start, end) in zip(pieces, (old, new), (places[:2], places[2:]), strict=True):
            part = escape(text[start:end])
            if part:
                side.append(part if kind == "equal" else f"<u>{part}</u>")
    then, now = ("".join(side) or "（没有）" for side in pieces)
    return then, now
