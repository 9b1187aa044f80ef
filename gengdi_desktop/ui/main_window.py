"""The window: strip, navigation, a stack of pages, status strip; it joins them and holds no rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.scan_codes import plot_of_scan
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.application import PROGRAM_NAME
from gengdi_desktop.ui.context import DeskFacts, UiContext
from gengdi_desktop.ui.dialogs.close_dialog import CloseSheet
from gengdi_desktop.ui.help_keys import KeySheet
from gengdi_desktop.ui.help_pane import WIDTH as HELP_WIDTH
from gengdi_desktop.ui.help_pane import HelpPane, topic_of
from gengdi_desktop.ui.job_display import JobDisplay, JobLine
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.pages.catalog import PLACES, make_page, place_of
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.tour import Tour
from gengdi_desktop.ui.widgets.message import Sign
from gengdi_desktop.ui.widgets.navigation import Navigation
from gengdi_desktop.ui.widgets.overlay import DialogSheet, Veil
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, free_width
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.status_strip import StatusStrip
from gengdi_desktop.ui.widgets.strip import Strip

_SMALLEST: Final = (860, 480)
_FIRST: Final = "home"


class MainWindow(QWidget):
    """One window: the start page while no ledger is open, else the desk of a ledger.

    Signals: the person closes the window; chooses who acts; asks to turn an action back or forth.
    """

    closing = Signal()
    leave_asked = Signal()
    member_chosen = Signal(str)
    undo_asked = Signal()
    redo_asked = Signal()
    look_changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._context: UiContext | None = None
        self._pages: dict[str, Page] = {}
        self._here = ""
        self._asked_who = ""
        self._veil: Veil | None = None
        self._may_close = False
        self._help_open = False
        self.shape = Shape()
        self.setWindowTitle(PROGRAM_NAME)
        self.setMinimumSize(*_SMALLEST)
        self.display = JobDisplay(jobs, self)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._frame = QWidget()
        self.tour = Tour(self.go)
        self._build_frame()
        self._make_keys()

    # -- what the opener asks

    def show_start_page(self, page: Page, line: JobLine) -> None:
        """No ledger: the start page alone, which tells the running work itself."""
        self.tour.end()
        self.display.attach(line)
        self._drop_pages()
        self._context = None
        for bar in self._bars:
            bar.hide()
        self.setWindowTitle(PROGRAM_NAME)
        self._add("start", page)
        self._show("start")

    def show_desk(self, context: UiContext) -> None:
        """A ledger is open: its pages, from the first place on."""
        self._drop_pages()
        self._context = context
        self.display.attach(self.status)
        for bar in self._bars:
            bar.show()
        context.bus.changed.connect(self._ledger_changed)
        self.navigation.show_desk(Desk(context.facts.desk))
        self.show_facts(context.facts)
        self.go(_FIRST)
        notices = context.facts.notices
        if notices:
            self.tell("warn", notices[0], "".join(notices[1:]))
        elif not context.member and context.writable:
            self._ask_who(context.facts)

    def show_facts(self, facts: DeskFacts) -> None:
        """Strip and status say which ledger this is and who acts."""
        if self._context is None:
            return
        self._context.facts = facts
        self.setWindowTitle(f"{facts.name} — {PROGRAM_NAME}")
        actions: list[tuple[str, Callable[[], object]]] = [
            ("打开别的台账", self.leave_asked.emit),
            ("设置", lambda: self.go("settings")),
        ]
        if facts.sample:
            actions.append(("带我走一遍", self.tour.begin))
        self.strip.show_ledger(facts.name, actions)
        people = [(one.name, one.role) for one in facts.active_members]
        self.strip.show_people(people, self._context.member)
        if facts.read_only:
            self.status.show_mark("只能看", "台账正在别处打开，或者文件夹不能写。那边关掉后，这里会自动可以改。")
        elif facts.sample:
            self.status.show_mark("样例数据", f"样例的“今天”固定为 {facts.today:%Y-%m-%d}，签名和录入的时间是真的。")
        else:
            self.status.show_mark("", "")
        if self.page is not None:
            self.page.facts_read()
        for page in self._pages.values() if self._context.member else ():
            if page.messages.told == self._asked_who:  # answered, wherever it was
                page.messages.clear()

    def _ask_who(self, facts: DeskFacts) -> None:
        """Several may act: nobody is guessed."""
        page = self._pages.get(self._here)
        if page is None:
            return
        people = facts.active_members
        buttons = [button(one.name, pressed=partial(self.member_chosen.emit, one.name)) for one in people]
        what = self._asked_who = f"这本台账有 {len(people)} 个成员，您是哪位？"
        page.messages.show_message("info", what, "每一步都记下是谁做的。以后在右上角可以换。", buttons)

    def tell(self, sign: Sign, what: str, more: str = "") -> None:
        """Say something above the page that is in front."""
        page = self._pages.get(self._here)
        if page is not None:
            page.messages.show_message(sign, what, more)

    def tell_error(self, error: GengdiError) -> None:
        """Say above the page what a service refused."""
        page = self._pages.get(self._here)
        if page is not None:
            page.messages.show_error(error)

    # -- the manual

    def show_help(self, topic: str = "") -> None:
        """Open the manual at *topic*, or where it fits the page in front; asked for what is open, put it away."""
        asked = self.dialog.help_topic if self.dialog is not None else ""
        wanted = topic or asked or topic_of(self._here)
        if self._help_open and self.help.topic == wanted:
            self.hide_help()
            return
        self._help_open = True
        self.help.show_topic(wanted)
        self._fit_all()
        self.help.search_field.setFocus()

    def hide_help(self) -> None:
        """Put the manual away; the page gets its room and the focus back."""
        self._help_open = False
        self._fit_all()
        page = self._pages.get(self._here)
        if self._veil is not None:
            self._veil.take_focus()
        elif page is not None:
            page.setFocus()

    def show_keys(self) -> None:
        """All shortcuts on one sheet."""
        self.open_dialog(KeySheet(self._jobs))

    # -- what pages ask

    def go(self, page: str, wish: Mapping[str, str] | None = None) -> None:
        """Bring a page to front; *wish* are filters it should show."""
        if self._context is None:
            return
        if self._help_open and self._covered:
            self.hide_help()
        if page not in self._pages:
            self._add(page, make_page(page, self._context))
        self._show(page)
        self.navigation.show_place(place_of(page))
        if wish is not None:
            self._pages[page].wish(wish)

    def open_dialog(self, sheet: DialogSheet) -> None:
        """Put a dialog over the page; one at a time."""
        if self._veil is not None:
            self._veil.sheet.close_sheet()
        self._veil = Veil(self, sheet)
        self._veil.closed.connect(self._veil_gone)
        if self._help_open:
            self._fit_all()

    def tell_sums(self, words: str) -> None:
        """Say something about the selection in the status strip."""
        self.status.show_sums(words)

    def tell_count(self, place: str, count: int) -> None:
        """Say beside a place of the navigation how many plots wait there; nothing where none do."""
        self.navigation.set_count(place, f"{count:,}" if count else "")

    def show_start(self) -> None:
        """Ask for the start page."""
        self.leave_asked.emit()

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._here)

    @property
    def dialog(self) -> DialogSheet | None:
        """The dialog over the page."""
        return self._veil.sheet if self._veil is not None else None

    def dress_again(self) -> None:
        """Put on the look that the preferences wish."""
        self.look_changed.emit()

    def build_again(self) -> None:
        """Another look: strips and pages read their lengths and colours when they are made, so make them anew."""
        here, context = self._here, self._context
        self._drop_pages()
        self._frame.hide()
        self._frame.deleteLater()
        self._frame = QWidget()
        self._build_frame()
        self._fit_all(anew=True)
        if context is not None:
            self._context = None
            self.show_desk(context)
            self.go(here)

    # -- inside

    def _build_frame(self) -> None:
        self.strip = Strip()
        self.navigation = Navigation(PLACES, self.go)
        self.stack = QStackedWidget()
        self.help = HelpPane(self._jobs, self.hide_help, self.show_keys)
        self.help.hide()
        self.status = StatusStrip(self.display.unfold)
        self.display.attach(self.status)
        self._bars = (self.strip, self.navigation, self.status)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.help)
        frame = QVBoxLayout(self._frame)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setSpacing(0)
        frame.addWidget(self.strip)
        frame.addWidget(self.tour.make_bar())
        frame.addLayout(middle, 1)
        frame.addWidget(self.status)
        self._whole.addWidget(self._frame)
        self.strip.undo_asked.connect(self.undo_asked)
        self.strip.redo_asked.connect(self.redo_asked)
        self.strip.member_chosen.connect(self.member_chosen)
        self.strip.searched.connect(self._search)
        self.strip.help_asked.connect(self.show_help)

    def _make_keys(self) -> None:
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+F", self._focus_search),
            ("Ctrl+Z", self.undo_asked.emit),
            ("Ctrl+Y", self.redo_asked.emit),
        ]
        keys += [(f"Ctrl+{number % 10}", partial(self._go_by_number, number)) for number in range(1, 11)]
        for key, call in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(partial(self._key, call))
        keys_sheet = QShortcut(QKeySequence("Ctrl+/"), self)
        keys_sheet.activated.connect(partial(self._key_anywhere, self.show_keys))
        manual = QShortcut(QKeySequence("F1"), self)
        manual.activated.connect(self.show_help)

    def _key(self, call: Callable[[], object]) -> None:
        """Keys of the window count while a ledger is open and no dialog covers it."""
        if self._context is not None:
            self._key_anywhere(call)

    def _key_anywhere(self, call: Callable[[], object]) -> None:
        """Help is there on the start page too."""
        if self._veil is None:
            call()

    def _go_by_number(self, number: int) -> None:
        """The place that has this number on this desk."""
        codes = self.navigation.codes
        if number <= len(codes):
            self.go(codes[number - 1])

    def _focus_search(self) -> None:
        self.strip.focus_search()

    def _search(self, text: str) -> None:
        """The table of what was typed; what a scanner reads from a field sheet leads to its plot."""
        scanned = plot_of_scan(text)
        if scanned is not None:
            self.go("plot", {"plot": scanned})
        else:
            self.go("ledger", {"text": text})

    def _ledger_changed(self, changes: Changes) -> None:
        if self._context is None:
            return
        now = self._context.clock.now().astimezone()
        self.status.show_saved(f"已存 {now:%H:%M}")
        page = self._pages.get(self._here)
        if page is not None:
            page.ledger_changed(changes)

    def _add(self, code: str, page: Page) -> None:
        self._pages[code] = page
        page.set_shape(self.shape)
        self.stack.addWidget(scrolling(page) if page.scrolls else page)

    def _show(self, code: str) -> None:
        before = self._pages.get(self._here)
        if before is not None and code != self._here:
            before.leave()
        self._here = code
        page = self._pages[code]
        holder: QWidget = page
        while holder.parentWidget() is not None and self.stack.indexOf(holder) < 0:
            holder = holder.parentWidget() or self.stack
        # The focus that goes and comes scrolls a long page to its middle.
        areas = [one for one in (self.stack.currentWidget(), holder) if isinstance(one, QScrollArea)]
        bars = [(one.verticalScrollBar(), one.verticalScrollBar().value()) for one in areas]
        self.stack.setCurrentWidget(holder)
        self.status.show_sums("")
        page.setFocus()
        for bar, was in bars:
            bar.setValue(was)
        page.shown()

    def _drop_pages(self) -> None:
        if self._veil is not None:
            self._veil.sheet.close_sheet()
        if self._context is not None:
            self._context.bus.changed.disconnect(self._ledger_changed)
        self._pages.clear()
        self._here = ""
        while self.stack.count():
            gone = self.stack.widget(0)
            self.stack.removeWidget(gone)
            gone.deleteLater()

    def _veil_gone(self) -> None:
        self._veil = None
        if self._help_open:
            self._fit_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the shape anew: compact, low, or neither."""
        super().resizeEvent(event)
        self._fit_all()

    @property
    def _covered(self) -> bool:
        """Whether the manual takes the room of the page: a narrow window has none for both."""
        return self._help_open and Shape.of(self.width(), self.height()).compact

    def _fit_all(self, *, anew: bool = False) -> None:
        """Share the room between page and manual; *anew* where the parts have just been made."""
        self.help.setVisible(self._help_open)
        self.stack.setVisible(not self._covered)
        if self._covered:
            free_width(self.help)
        else:
            self.help.setFixedWidth(px(HELP_WIDTH))
        taken = px(HELP_WIDTH) if self._help_open and not self._covered else 0
        self.help.beside_dialog = self._veil is not None
        for bar in (self.strip, self.navigation):
            # Where the manual takes the whole room, the dialog steps aside, but what lies behind it stays behind.
            bar.setEnabled(not (self._covered and self._veil is not None))
        if self._veil is not None:
            self._veil.leave_free(self.width() if self._covered else taken)
        shape = Shape.of(self.width() - taken, self.height())
        if anew or shape != self.shape:
            self._fit(shape)

    def _fit(self, shape: Shape) -> None:
        self.shape = shape
        self.navigation.set_narrow(narrow=shape.compact)
        self.strip.set_narrow(narrow=shape.compact)
        for page in self._pages.values():
            page.set_shape(shape)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing loses nothing: half-typed things are put down, lanes run dry, then the window goes."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        busy = [job for job in self._jobs.running if job.shown.title]
        if not busy:
            self._put_down()
        elif not isinstance(self.dialog, CloseSheet):
            sheet = CloseSheet(self._jobs)
            sheet.decided.connect(self._put_down)
            self.open_dialog(sheet)

    def _put_down(self) -> None:
        """Close the window: first what is half typed, then what the lanes still do."""
        page = self._pages.get(self._here)
        if page is not None:
            page.leave()
        self.closing.emit()

    def place_on_screen(self) -> str:
        """Place, size and state of the window, to be kept as text."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def take_place(self, kept: str) -> None:
        """Stand where it stood; what is no place, or lies off every screen, is let be."""
        if kept and kept != self.place_on_screen():
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(kept.encode("ascii", "replace"))))

    def close_now(self) -> None:
        """Everything is put away: really close."""
        self._may_close = True
        self._drop_pages()
        self.close()

    def bring_to_front(self) -> None:
        """Somebody opened the same ledger again: show this window."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
