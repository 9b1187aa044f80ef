"""Ways into a ledger and out of it: open, new, sample, restore, close; each failure stays on the start page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui import facts, prompts, words
from gengdi_desktop.ui.application import dress, system_is_dark
from gengdi_desktop.ui.backups import RESTORING, last_backup
from gengdi_desktop.ui.change_bus import ChangeBus
from gengdi_desktop.ui.context import DeskFacts, UiContext
from gengdi_desktop.ui.dialogs.new_ledger_dialog import NewLedgerDialog, NewLedgerWish
from gengdi_desktop.ui.dropping import FileDrops
from gengdi_desktop.ui.jobs import Jobs, Lane, Progress, Shown
from gengdi_desktop.ui.main_window import MainWindow
from gengdi_desktop.ui.pages.start_page import StartDeeds, StartPage
from gengdi_desktop.ui.preferences import Preferences
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.single_instance import FrontDoor, bring_to_front
from gengdi_desktop.ui.undo_actions import UndoActions

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_Opened = tuple["Ledger", DeskFacts]
_LOOK_AGAIN_MS: Final = 5_000


class DeskOpening(QObject):
    """Joins window and ledger; at most one ledger is open."""

    def __init__(self, window: MainWindow, jobs: Jobs, given: Prompts, preferences: Preferences, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._jobs, self._prompts = window, jobs, given
        self._preferences, self._clock = preferences, clock
        self._start: StartPage | None = None
        self._context: UiContext | None = None
        self._undo: UndoActions | None = None
        self._drops: FileDrops | None = None
        self._door: FrontDoor | None = None
        self._seq_at_opening = 0
        self._retry = QTimer(self)
        self._retry.setInterval(_LOOK_AGAIN_MS)
        self._retry.timeout.connect(self._look_for_lock)
        window.leave_asked.connect(self.leave)
        window.member_chosen.connect(self._choose_member)
        window.look_changed.connect(self._dress_again)
        window.undo_asked.connect(self._turn_back)
        window.redo_asked.connect(self._turn_forth)

    @property
    def context(self) -> UiContext | None:
        """What the open ledger's pages were given."""
        return self._context

    def show_start(self) -> None:
        """The start page, with what was used lately."""
        deeds = StartDeeds(
            new=self._ask_new,
            open_other=self._ask_open,
            sample=self._ask_sample,
            restore=self._ask_restore,
            open_known=self.open,
            forget=self._forget,
            manual=self._window.show_help,
        )
        self._start = StartPage(deeds, self._clock.today())
        self._window.show_start_page(self._start, self._start)
        self._look_at_known()

    def open(self, path: Path) -> None:
        """Open a ledger, or bring the window that has it to front."""
        if bring_to_front(path):
            self._tell_start("这本台账已经在另一个窗口打开，已经调到前面。")
            return
        self.close_ledger(lambda: self._run("打开台账", lambda _progress: facts.open_for(path, self._clock)))

    def leave(self) -> None:
        """Close the ledger and show the start page."""
        self.close_ledger(self.show_start)

    def close_ledger(self, then: Callable[[], None]) -> None:
        """Let the lanes run dry, close the ledger, go on."""
        context, self._context = self._context, None
        self._retry.stop()
        if self._door is not None:
            self._door.close()
            self._door = None
        if self._undo is not None:
            self._undo.close()
            self._undo = None
        if self._drops is not None:
            self._drops.close()
            self._drops = None
        if context is None:
            then()
            return
        page = self._window.page
        if page is not None:
            page.leave()
        self._preferences.keep_window(context.facts.ledger_id, self._window.place_on_screen())
        seq = self._seq_at_opening
        second = self._preferences.second_backup(context.facts.ledger_id)
        self._jobs.run(
            Lane.WRITE,
            lambda _progress: facts.put_away(context.ledger, self._clock, seq, second),
            lambda _none: then(),
            lambda _error: then(),
            shown=Shown("关台账", promise="台账里的都已经存好。"),
        )

    # -- the four ways

    def _ask_new(self) -> None:
        dialog = NewLedgerDialog(
            self._prompts,
            self._jobs,
            self._preferences.start_folder(),
            self._clock.today(),
            next(reversed(self._preferences.settings.last_member.values()), ""),
        )
        dialog.wished.connect(self._make_new)
        self._window.open_dialog(dialog)

    def _make_new(self, wish: NewLedgerWish) -> None:
        self._preferences.used_folder(wish.folder.parent)

        def work(_progress: Progress) -> _Opened:
            ledger = wish.create(self._clock)
            return ledger, facts.read_facts(ledger)

        self._run("新建台账", work)

    def _ask_open(self) -> None:
        chosen = self._prompts.open_file("打开台账", prompts.LEDGERS, self._preferences.start_folder())
        if chosen is not None:
            self._preferences.used_folder(chosen.parent)
            self.open(chosen.parent)

    def _ask_sample(self) -> None:
        chosen = self._prompts.folder("样例放在哪个文件夹", self._preferences.start_folder())
        if chosen is None:
            return

        def work(progress: Progress) -> _Opened:
            from gengdi_desktop.ui.sample import make_sample

            folder = make_sample(chosen, self._clock, progress)
            return facts.open_for(folder, self._clock)

        def done(opened: _Opened) -> None:
            self._opened(opened)
            if not self._preferences.settings.toured:
                self._preferences.set(toured=1)
                self._window.tour.begin()

        self._jobs.run(Lane.WRITE, work, done, self._failed, owner=self, shown=Shown("做样例"))

    def _ask_restore(self) -> None:
        backup = self._prompts.open_file("选备份文件", prompts.BACKUPS, self._preferences.start_folder())
        folder = self._prompts.folder("恢复到哪个空文件夹") if backup is not None else None
        if backup is None or folder is None:
            return

        def work(progress: Progress) -> _Opened:
            from gengdi_desktop.ledger import backup as backups

            restored = backups.restore(backup, folder, self._clock, progress)
            return facts.open_for(restored.folder, self._clock)

        def stopped() -> None:
            self._tell_start("停下了，没有恢复。那个文件夹里没有留下什么，备份也没有动。")

        self._jobs.run(Lane.WRITE, work, self._opened, self._failed, owner=self, shown=RESTORING, cancelled=stopped)

    def _run(self, title: str, work: Callable[[Progress], _Opened]) -> None:
        self._jobs.run(Lane.WRITE, work, self._opened, self._failed, owner=self, shown=Shown(title))

    # -- open

    def _opened(self, opened: _Opened) -> None:
        ledger, known = opened
        self._preferences.opened(Path(known.folder))
        context = UiContext(
            ledger, known, self._jobs, self._prompts, ChangeBus(self), self._preferences, self._clock, self._window
        )
        context.member = self._member(known)
        context.refresh_facts = self._refresh_facts
        self._context = context
        self._seq_at_opening = known.head_seq
        self._start = None
        self._window.take_place(self._preferences.settings.windows.get(known.ledger_id, ""))
        context.bus.changed.connect(lambda changes: self._refresh_facts() if _concerns_desk(changes.tables) else None)
        self._window.show_desk(context)
        self._undo = UndoActions(context, self._window)
        self._door = FrontDoor(Path(known.folder), self._window.bring_to_front, self)
        self._tell_backup(known)
        if known.read_only:
            self._retry.start()
        else:
            self._drops = FileDrops(self._window, self._window)

    def _member(self, known: DeskFacts) -> str:
        names = [one.name for one in known.active_members]
        last = self._preferences.settings.last_member.get(known.ledger_id, "")
        return last if last in names else names[0] if len(names) == 1 else ""

    def _choose_member(self, name: str) -> None:
        if self._context is None:
            return
        self._context.member = name
        kept = self._preferences.settings.last_member | {self._context.facts.ledger_id: name}
        self._preferences.set(last_member=kept)
        self._window.show_facts(self._context.facts)
        page = self._window.page
        if page is not None:
            page.shown()

    def _refresh_facts(self) -> None:
        context = self._context
        if context is None:
            return

        def work(_progress: Progress) -> DeskFacts:
            context.ledger.forget_info()
            return facts.read_facts(context.ledger)

        self._jobs.read(work, self._window.show_facts, owner=self, newest="facts")
        self._tell_backup(context.facts)

    def _dress_again(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            dress(app, self._preferences.look(system_is_dark=system_is_dark()), self._preferences.text_scale)
        # Later, in a turn of its own: the control that was pressed is one of those that go.
        QTimer.singleShot(0, self._build_again)

    def _build_again(self) -> None:
        self._window.build_again()
        if self._context is not None:
            self._tell_backup(self._context.facts)

    def _turn_back(self) -> None:
        if self._undo is not None:
            self._undo.undo()

    def _turn_forth(self) -> None:
        if self._undo is not None:
            self._undo.redo()

    def _tell_backup(self, known: DeskFacts) -> None:
        def show(at: datetime | None) -> None:
            told = f"上次备份 {words.moment(at, self._clock.today())}" if at is not None else "还没有备份"
            self._window.status.show_backup(told, late=at is None)

        self._jobs.run(Lane.FILES, lambda _progress: last_backup(Path(known.folder)), show, owner=self)

    def _look_for_lock(self) -> None:
        """Whoever held the ledger may have closed it: then this window may write."""
        context = self._context
        if context is None or not context.facts.read_only:
            self._retry.stop()
            return

        def work(_progress: Progress) -> _Opened | None:
            from gengdi_desktop.ledger import service

            try:
                ledger = service.open_ledger(Path(context.facts.folder), self._clock)
            except GengdiError:
                return None
            context.ledger.close()
            return ledger, facts.read_facts(ledger)

        def done(opened: _Opened | None) -> None:
            if opened is not None and self._context is context:
                self._retry.stop()
                self._opened(opened)
                self._window.tell("check", "台账那边已经关掉，现在可以改了。")

        if not self._jobs.running:
            self._jobs.write(work, done, owner=self)

    # -- the start page

    def _failed(self, error: GengdiError) -> None:
        if self._start is None:
            self._window.tell_error(error)
        else:
            self._start.messages.show_error(error)
            self._look_at_known()

    def _tell_start(self, words: str) -> None:
        if self._start is not None:
            self._start.messages.show_message("info", words)

    def _forget(self, folder: str) -> None:
        self._preferences.forget(folder)
        self._look_at_known()

    def _look_at_known(self) -> None:
        recent = self._preferences.settings.recent_ledgers
        start = self._start
        if start is not None:
            self._jobs.run(Lane.FILES, lambda _progress: facts.look_at(recent), start.show_known, owner=start)


def _concerns_desk(tables: frozenset[str]) -> bool:
    """Packages are among them, since a backup is made before one is taken in."""
    return bool(tables & {"ledger", "member", "campaign", "phase", "package"})
