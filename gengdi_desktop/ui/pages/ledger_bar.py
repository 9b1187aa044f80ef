"""The bar over the ledger's table: views, groups, columns, the way out of a filter and back; never two rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QMenu, QPushButton, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.models.plot_source import VIEWS, PlotWish
from gengdi_desktop.ui.models.table_layout import GROUPS
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import button, label, row, say
from gengdi_desktop.ui.widgets.popover import Popover

_IN_SIGHT: Final = ("all", "open", "awaiting", "overdue")
_MORE: Final = "更多视图"


class LedgerBar(QWidget):
    """Signals: a ready-made or a saved view, a group was chosen; a view to save or forget; what else is asked."""

    view_chosen = Signal(str)
    saved_chosen = Signal(str)
    save_asked = Signal(str)
    forget_asked = Signal(str)
    group_chosen = Signal(str)
    folding_asked = Signal(bool)
    columns_asked = Signal()
    clear_asked = Signal()
    back_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._views: dict[str, QPushButton] = {}
        self._counts: Mapping[str, int] = {}
        self._saved: Sequence[str] = ()
        self._chosen_saved = ""
        self._wish = PlotWish()
        self._plots: int | None = None
        self._narrow = False
        group = QButtonGroup(self)
        bar = row(gap=2, margins=(16, 6, 8, 6))
        self.back_button = button("", "link", "left", key="Esc", pressed=self.back_asked.emit)
        self.back_button.hide()
        bar.addWidget(self.back_button)
        self._title = label("图斑台账", "title")
        bar.addWidget(self._title)
        bar.addSpacing(6)
        for code in _IN_SIGHT:
            self._views[code] = made = button(VIEWS[code], "tool", pressed=partial(self.view_chosen.emit, code))
            made.setCheckable(True)
            group.addButton(made)
            bar.addWidget(made)
        self.more = button(_MORE, "tool", "down")
        self.more.setCheckable(True)
        group.addButton(self.more)
        self._more_menu = QMenu(self.more)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._more_menu.aboutToHide.connect(lambda: self.show_wish(self._wish))
        self.more.setMenu(self._more_menu)
        bar.addWidget(self.more)
        bar.addStretch(1)
        self._busy = label("正在查…", "small")
        self._busy.hide()
        bar.addWidget(self._busy)
        self.clear_button = button("清除筛选", "link", "cross", key="Ctrl+Shift+C", pressed=self.clear_asked.emit)
        bar.addWidget(self.clear_button)
        self._unit = label("面积单位：亩", "small")
        bar.addWidget(self._unit)
        self.group_button = button("分组", "tool", "sheet")
        self._group_menu = QMenu(self.group_button)
        self._group_menu.aboutToShow.connect(self._fill_groups)
        self.group_button.setMenu(self._group_menu)
        bar.addWidget(self.group_button)
        self.columns_button = button("列", "tool", "columns", name="选列", pressed=self.columns_asked.emit)
        bar.addWidget(self.columns_button)
        self.export_button = button("导出", "tool", "save", name="导出和打印")
        self.export_menu = QMenu(self.export_button)
        self.export_button.setMenu(self.export_menu)
        bar.addWidget(self.export_button)
        self.setLayout(bar)
        self.show_wish(self._wish)

    def set_narrow(self, *, narrow: bool) -> None:
        """Less room: the unit is told by the heads' tooltips, the icons go."""
        self._narrow = narrow
        self._views["awaiting"].setHidden(narrow)
        self._give_room()

    def show_back(self, title: str) -> None:
        """Offer the way back to the page that led here; an empty title offers none."""
        say(self.back_button, f"回到{title}")
        self.back_button.setToolTip(f"回到{title}，还在原来那一行（Esc）")
        self.back_button.setVisible(bool(title))
        self._give_room()

    def _give_room(self) -> None:
        """The way back takes the title's place, which the navigation tells too, and the unit's."""
        led = not self.back_button.isHidden()
        self._title.setHidden(led)
        self._unit.setHidden(led or self._narrow)

    def show_wish(self, wish: PlotWish, plots: int | None = None, saved: str | None = None) -> None:
        """Say what the table shows: view, filters, groups; *plots* is how many, where that is known."""
        if plots is not None or wish != self._wish:
            self._plots = plots
        self._wish, plots = wish, self._plots
        if saved is not None:
            self._chosen_saved = saved
        for code, made in self._views.items():
            here = code == wish.view and not self._chosen_saved
            made.setChecked(here)
            many = plots if here and plots is not None else self._counts.get(code)
            made.setText(VIEWS[code] if many is None else f"{VIEWS[code]} {words.count(many)}")
        hidden = self._chosen_saved or (VIEWS[wish.view] if wish.view not in self._views else "")
        self.more.setChecked(bool(hidden))
        self.more.setText(f"\u2005{hidden or _MORE}{f' {words.count(plots)}' if hidden and plots is not None else ''}")
        self.clear_button.setVisible(bool(wish.filters or wish.text))
        # Where the pane is open there is no room for how many columns: that is told by name and tooltip.
        told = f"清除“{wish.text[:8]}”" if wish.text else f"清除 {len(wish.filters)} 列的筛选"
        self.clear_button.setText(f"\u2005{told if wish.text else '清除筛选'}")
        self.clear_button.setAccessibleName(told)
        self.clear_button.setToolTip(f"{told}（Ctrl+Shift+C）")
        self.group_button.setText(f"\u2005{GROUPS[wish.group].removesuffix('分组') if wish.group else '分组'}")

    def show_busy(self, *, busy: bool) -> None:
        """Say that the answer is on its way, where it takes longer than one notices."""
        self._busy.setVisible(busy)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many plots each view holds."""
        self._counts = counts
        self.show_wish(self._wish)

    def show_saved(self, names: Sequence[str]) -> None:
        """The views that the person saved."""
        self._saved = tuple(names)

    def _fill_more(self) -> None:
        menu = self._more_menu
        menu.clear()
        for code, word in VIEWS.items():
            if code not in self._views or self._views[code].isHidden():
                many = self._counts.get(code)
                told = word if many is None else f"{word}　{words.count(many)}"
                menu.addAction(told).triggered.connect(lambda _on=False, code=code: self.view_chosen.emit(code))
        if self._saved:
            menu.addSeparator()
            for name in self._saved:
                menu.addAction(name).triggered.connect(lambda _on=False, name=name: self.saved_chosen.emit(name))
        menu.addSeparator()
        menu.addAction("把现在的样子存成视图…").triggered.connect(lambda _on=False: self.ask_name())
        if self._chosen_saved:
            name = self._chosen_saved
            menu.addAction(f"删掉视图“{name}”").triggered.connect(lambda _on=False: self.forget_asked.emit(name))

    def _fill_groups(self) -> None:
        menu = self._group_menu
        menu.clear()
        for code, word in GROUPS.items():
            made = menu.addAction(word)
            made.setCheckable(True)
            made.setChecked(code == self._wish.group)
            made.triggered.connect(lambda _on=False, code=code: self.group_chosen.emit(code))
        if self._wish.group:
            menu.addSeparator()
            menu.addAction("全部展开").triggered.connect(lambda _on=False: self.folding_asked.emit(False))
            menu.addAction("全部收起").triggered.connect(lambda _on=False: self.folding_asked.emit(True))

    def ask_name(self) -> None:
        """Ask what the view is to be called."""
        asked = Popover(self.window(), "存成视图")
        field = QLineEdit(self._chosen_saved)
        field.setAccessibleName("视图的名称")
        field.setPlaceholderText("例如 白圩村没落实的")
        field.setMaxLength(20)
        field.setFixedWidth(px(220))

        def take() -> None:
            name = field.text().strip()
            if name:
                self.save_asked.emit(name)
                asked.close_sheet()

        field.returnPressed.connect(take)
        asked.body.addWidget(label("存成视图", "section"))
        asked.body.addWidget(label("筛选、次序、分组和列都记住，只记在这台电脑上。", "small"))
        asked.body.addLayout(row(field, button("存", "main", pressed=take)))
        asked.hang(self.more, self.more.rect())
        field.setFocus()
