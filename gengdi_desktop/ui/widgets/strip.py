"""The strip at the top: which ledger, search, undo and redo with the name of what they turn back, who acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu

from gengdi_desktop.ui import icons, theme
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, line, row


class Strip(QFrame):
    """Search tells its words after Enter; menus hang on the ledger's name and on the person."""

    searched = Signal(str)
    undo_asked = Signal()
    redo_asked = Signal()
    member_chosen = Signal(str)
    help_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "top")
        self.setFixedHeight(px(theme.STRIP))
        self._name = ElidedLabel("", "section")
        self._ledger_menu = QMenu(self)
        more = button("", "tool", "down", name="这本台账")
        more.setMenu(self._ledger_menu)
        self.search_field = QLineEdit()
        self.search_field.setProperty("find", "true")
        self.search_field.setAccessibleName("查找")
        self.search_field.setPlaceholderText("查图斑、村、人名、拼音")
        self.search_field.setToolTip("查找（Ctrl+F），回车就找")
        self.search_field.setClearButtonEnabled(True)
        self.search_field.addAction(icons.icon("search", "ink3"), QLineEdit.ActionPosition.LeadingPosition)
        self.search_field.returnPressed.connect(lambda: self.searched.emit(self.search_field.text().strip()))
        self._undo = button("撤销", "tool", "undo", pressed=self.undo_asked.emit)
        self._redo = button("", "tool", "redo", name="重做", pressed=self.redo_asked.emit)
        self._help = button("", "tool", "help", name="使用说明", key="F1", pressed=self.help_asked.emit)
        self._who = button("", "tool", "user", name="现在是谁在做")
        self._people = QMenu(self)
        self._who.setMenu(self._people)
        lay = row(gap=6, margins=(16, 0, 12, 0))
        lay.addWidget(self._name)
        lay.addWidget(more)
        lay.addStretch(1)
        lay.addWidget(self.search_field)
        lay.addStretch(1)
        for one in (self._undo, self._redo, line("v"), self._who, self._help):
            lay.addWidget(one)
        self.setLayout(lay)
        self.set_narrow(narrow=False)
        self.show_undo("", "")

    def set_narrow(self, *, narrow: bool) -> None:
        """A shorter search box in a narrow window."""
        self.search_field.setFixedWidth(px(220 if narrow else 380))

    def show_ledger(self, name: str, actions: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """The ledger's name and what can be done with it as a whole."""
        self._name.set_words(name)
        self._ledger_menu.clear()
        for words, call in actions:
            self._ledger_menu.addAction(words).triggered.connect(lambda _checked=False, call=call: call())

    def show_people(self, names: Sequence[tuple[str, str]], chosen: str) -> None:
        """Who may act (name and role) and who does."""
        role = next((role for name, role in names if name == chosen), "")
        words = f"{chosen} · {role}" if chosen and role else chosen or "您是哪位"
        self._who.setText(f"\u2005{words}")
        self._who.setAccessibleName(f"现在是{words}在做" if chosen else "请选您的姓名")
        self._people.clear()
        for name, role_word in names:
            made = self._people.addAction(f"{name}　{role_word}")
            made.setCheckable(True)
            made.setChecked(name == chosen)
            made.triggered.connect(lambda _checked=False, name=name: self.member_chosen.emit(name))

    def show_undo(self, undo: str, redo: str) -> None:
        """What would be turned back and what turned forth again; empty where there is nothing."""
        for part, what, key, verb in ((self._undo, undo, "Ctrl+Z", "撤销"), (self._redo, redo, "Ctrl+Y", "重做")):
            part.setEnabled(bool(what))
            part.setToolTip(f"{verb}：{what}（{key}）" if what else f"没有可以{verb}的")

    def focus_search(self) -> None:
        """Go to the search box, ready to type over."""
        self.search_field.setFocus()
        self.search_field.selectAll()
