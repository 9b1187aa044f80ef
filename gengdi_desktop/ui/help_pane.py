"""The manual at the right of the page: contents, search, and the page that fits what is in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QTextBrowser

from gengdi_desktop.system.files import telling
from gengdi_desktop.system.resources import manual_folder
from gengdi_desktop.ui.help_manual import CONTENTS, Hit, Manual, read_manual
from gengdi_desktop.ui.help_text import heading_block, manual_document
from gengdi_desktop.ui.jobs import Jobs, Lane, Progress
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.overlay import walk
from gengdi_desktop.ui.widgets.parts import button, column, label, row

WIDTH: Final = 400
_REST_MS: Final = 150
_TOPICS: Final = {
    "start": "开始使用",
    "home": "工作台",
    "ledger": "图斑台账",
    "plot": "图斑台账",
    "intake": "导入清单",
    "outlines": "图形与坐标",
    "recurrence": "图形与坐标",
    "self_check": "自查整改验收",
    "sheets": "档案和表单",
    "rectification": "自查整改验收",
    "acceptance": "自查整改验收",
    "sampling": "抽查",
    "county": "县级汇总",
    "summary": "自查整改验收",
    "evidence": "照片与证据",
    "photo": "照片与证据",
    "reports": "报告与报送",
    "map": "地图",
    "exchange": "U盘交换",
    "verify": "签名与核验",
    "members": "成员与设置",
    "settings": "成员与设置",
}


def topic_of(page: str) -> str:
    """The page of the manual that fits a page of the window; the contents where none does."""
    return _TOPICS.get(page, CONTENTS)


class HelpPane(QFrame):
    """Reads the manual once, off the GUI thread; ``closed`` is called when the person puts it away."""

    def __init__(self, jobs: Jobs, closed: Callable[[], object], keys: Callable[[], object]) -> None:
        super().__init__()
        self._jobs, self._closed = jobs, closed
        self._manual: Manual | None = None
        self._wanted = CONTENTS
        self.beside_dialog = False
        """Whether a dialog is open: Tab then stays in the manual, since what lies under the dialog is out of reach."""
        self.setProperty("bar", "pane")
        self.setAccessibleName("使用说明")
        self.messages = MessageSlot()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._search)
        self._pages = ChoiceField("说明的目录", [])
        self._pages.activated.connect(lambda _index: self.show_topic(self._pages.code()))
        self.search_field = LineField("在说明里找", hint="在说明里找")
        self.search_field.setClearButtonEnabled(True)
        self.search_field.textEdited.connect(lambda _text: self._rest.start())
        self.search_field.installEventFilter(self)
        self._hits = QListWidget()
        self._hits.setAccessibleName("找到的地方")
        self._hits.itemActivated.connect(self._go)
        self._hits.itemClicked.connect(self._go)
        self._hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hits.setWordWrap(True)
        self._hits.hide()
        self._none = label("说明里没有这几个字，换个说法试试。", "small", wrap=True)
        self._none.hide()
        self.text = QTextBrowser()
        self.text.setAccessibleName("说明正文")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        away = button("", "tool", "cross", name="收起说明", key="Esc", pressed=closed)
        all_keys = button("快捷键", "link", key="Ctrl+/", pressed=keys)
        head = row(label("使用说明", "section"), None, all_keys, away, gap=4, margins=(px(12), px(6), px(6), 0))
        find = column(self._pages, self.search_field, self._none, gap=6, margins=(px(12), 0, px(12), 0))
        self.setLayout(column(head, self.messages, find, self._hits, gap=6))
        lay = self.layout()
        if lay is not None:
            lay.addWidget(self.text)
        jobs.run(Lane.FILES, _read, self._read, self.messages.show_error, owner=self)

    def show_topic(self, code: str, heading: str = "") -> None:
        """Open a page, at a heading of it; asked before the manual is read, it is opened then."""
        self._wanted = code
        if self._manual is None:
            return
        page = self._manual.page(code) or self._manual.pages[0]
        self._pages.choose(page.code)
        self._hide_hits()
        document = manual_document(page.markdown)
        document.setParent(self.text)
        self.text.setDocument(document)
        block = heading_block(document, heading) if heading else None
        self.text.setTextCursor(QTextCursor(document.begin() if block is None else block))
        if block is not None:
            top = document.documentLayout().blockBoundingRect(block).top()
            self.text.verticalScrollBar().setValue(int(top) - px(8))

    @property
    def topic(self) -> str:
        """The page that is open."""
        return self._pages.code()

    def _read(self, manual: Manual) -> None:
        self._manual = manual
        self._pages.set_options([(one.code, one.title if one.code != CONTENTS else "目录") for one in manual.pages])
        self.show_topic(self._wanted)

    def _search(self) -> None:
        manual, typed = self._manual, self.search_field.text()
        if manual is None:
            return

        def work(_progress: Progress) -> tuple[Hit, ...]:
            return manual.search(typed)

        self._jobs.run(Lane.FILES, work, self._show_hits, owner=self, newest="manual")

    def _show_hits(self, hits: tuple[Hit, ...]) -> None:
        self._hits.clear()
        for hit in hits:
            where = hit.title if hit.heading == hit.title else f"{hit.title} › {hit.heading}"
            item = QListWidgetItem(f"{where}\n{hit.snippet}" if hit.snippet else where)
            item.setData(Qt.ItemDataRole.UserRole, (hit.page, hit.heading))
            self._hits.addItem(item)
        asked = bool(self.search_field.text().strip())
        self._hits.setVisible(bool(hits))
        self._none.setVisible(asked and not hits)
        self.text.setVisible(not hits)
        if hits:
            self._hits.setCurrentRow(0)

    def _hide_hits(self) -> None:
        self._rest.stop()
        self.search_field.clear()
        self._hits.hide()
        self._none.hide()
        self.text.show()

    def _go(self, item: QListWidgetItem) -> None:
        page, heading = item.data(Qt.ItemDataRole.UserRole)
        self.show_topic(page, heading)
        self.text.setFocus()

    def _follow(self, url: QUrl) -> None:
        self.show_topic(url.fileName().removesuffix(".md"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search field the arrow leads into what was found, Enter opens its first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._hits.isVisible():
            if event.key() == Qt.Key.Key_Down:
                self._hits.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go(self._hits.currentItem())
                return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on in the window, but beside a dialog it stays in the manual."""
        return walk(self, forward=forward) if self.beside_dialog else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the pane away."""
        if event.key() == Qt.Key.Key_Escape:
            self._closed()
        else:
            super().keyPressEvent(event)


def _read(_progress: Progress) -> Manual:
    folder = manual_folder()
    with telling(folder):
        return read_manual(folder)
