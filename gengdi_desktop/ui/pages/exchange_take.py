"""Taking a package in: which file; what it says, whether its sender is believed; only then one press writes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Shown
from gengdi_desktop.ui.pages import exchange_arrivals
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.pages.exchange_arrivals import ReceivedView
from gengdi_desktop.ui.pages.exchange_said import SaidSheet, TrustSheet
from gengdi_desktop.ui.pages.exchange_view import WAYS, ArrivalView
from gengdi_desktop.ui.pages.sections import Section, see_through
from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.message import TONE_OF, Message
from gengdi_desktop.ui.widgets.page import Arrangement, Page, Place
from gengdi_desktop.ui.widgets.parts import CENTRE, boxed, button, clear, column, label, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet

_LOOK: Final = Shown("看交换包", "张表", "只是看，还没有收。取消后台账和原来一样。")
_WAY_ON: Final = {
    Desk.TOWNSHIP: ("home", "去工作台"), Desk.TEAM: ("sampling", "去抽查"), Desk.COUNTY: ("county", "去县级汇总"),
}  # fmt: skip
_TAKE: Final = Shown("收包", "张表", "取消后台账和原来一样，U 盘上的包也没有动。")


class ExchangeTake(Section):
    """Two faces: which file; then what is in it."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.view: ArrivalView | None = None
        self._path: Path | None = None
        self._hint = label("", "body", align=CENTRE, wrap=True)
        self._first = self._first_face()
        self._second = self._second_face()
        self._foot = self._make_foot()
        self.body.addWidget(self._first, 1)
        self.body.addWidget(self._second, 1)
        self.body.addWidget(self._foot)
        self.expect("")
        self._show_face(1)
        self.first = self._pick

    # -- faces

    def _first_face(self) -> QWidget:
        self._pick = button("选包文件", "main", "import", pressed=self._choose)
        self._pick.setEnabled(self.context.writable)
        box = column(gap=8)
        box.addStretch(2)
        box.addWidget(label("收一个交换包", "title", align=CENTRE))
        box.addWidget(self._hint)
        box.addSpacing(8)
        ways = [self._pick]
        if self.context.facts.desk == Desk.COUNTY:
            ways.append(button("收整个 U 盘", sign="drive", pressed=self._choose_stick))
        for one in ways:
            one.setEnabled(self.context.writable)
        box.addLayout(row(None, *ways, None))
        box.addSpacing(8)
        told = "也可以把 .gdpkg 文件直接拖到这里。收下以前先给您看：谁发来的、改了什么、和本台哪里不一样。"
        box.addWidget(label(told, "small", align=CENTRE, wrap=True))
        box.addStretch(3)
        return boxed(box)

    def _second_face(self) -> QWidget:
        self._verdict = column(gap=0)
        self._about = Sheet("这个包", "")
        self._facts = FactGrid()
        self._proof = column(gap=4)
        self._about.body.addWidget(self._facts)
        self._about.body.addLayout(self._proof)
        self._about.body.addStretch(1)
        self.trust = TrustSheet(self._trust, writable=self.context.writable)
        self.said = SaidSheet(self._open_plot)
        self._parts = Arrangement(by_place=False)
        self._parts.place([(one, (at, 0, 1, 1)) for at, one in enumerate((self._about, self.trust, self.said))])
        whole = column(self._verdict, gap=10)
        whole.addWidget(self._parts, 1)
        return see_through(boxed(whole))

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("bar", "foot")
        self._promise = label("", "small", wrap=True)
        self._promise.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.main = button("收下", "main", pressed=self.receive)
        self.reason = LineField("照收的原因", hint="问过谁、为什么照收")
        self._why = Form(84)
        self._why.add("reason", "照收的原因", self.reason, required=True)
        self._other = button("换一个包", pressed=self._choose)
        lay = row(gap=8)
        lay.addWidget(self._other)
        lay.addWidget(button("先不收", "link", pressed=self.put_away))
        lay.addWidget(self._promise, 1)
        lay.addWidget(self.main)
        foot.setLayout(column(self._why, lay, gap=8, margins=(0, 10, 0, 0)))
        return foot

    def _show_face(self, face: int) -> None:
        self._first.setVisible(face == 1)
        for one in (self._second, self._foot):
            one.setVisible(face == 2)  # noqa: PLR2004  # there are two

    def arrange(self, shape: Shape) -> None:
        """Who it is from beside what it brings, or above it."""
        asks = self.view is not None and self.view.certificate is not None
        parts: list[tuple[QWidget, Place]]
        if shape.compact:
            held = (self.trust, self._about, self.said) if asks else (self._about, self.said)
            parts = [(one, (at, 0, 1, 1)) for at, one in enumerate(held)]
            self._parts.place(parts, rows=(0,) * (len(held) - 1) + (1,))
        elif asks:
            parts = [(self._about, (0, 0, 1, 1)), (self.trust, (1, 0, 1, 1)), (self.said, (0, 1, 2, 1))]
            self._parts.place(parts, columns=(42, 58), rows=(1, 0))
        else:
            self._parts.place([(self._about, (0, 0, 1, 1)), (self.said, (0, 1, 1, 1))], columns=(42, 58), rows=(1,))
        self.trust.setVisible(asks)

    # -- which file

    def expect(self, kind: str) -> None:
        """Say what is likely on the stick: the packages that this desk takes in, or the one that was meant."""
        ways = [one for one in WAYS[Desk(self.context.facts.desk)] if not one.out]
        meant = [one for one in ways if one.kind == kind] or ways
        words = "、".join(one.kind.label for one in meant)
        self._hint.setText(f"插上 U 盘，选{words}（.gdpkg）。")

    def _choose(self) -> None:
        start = self.context.preferences.start_folder()
        chosen = self.context.prompts.open_file("选交换包", prompts.PACKAGES, start)
        if chosen is not None:
            self.context.preferences.used_folder(chosen.parent)
            self.open_file(chosen)

    def _choose_stick(self) -> None:
        """All packages of a stick: the county's page takes them in and tells what became of each."""
        preferences = self.context.preferences
        chosen = self.context.prompts.folder("选 U 盘，或者放包的文件夹", preferences.start_folder())
        if chosen is not None:
            preferences.used_folder(chosen)
            self.context.host.go("county", {"take": str(chosen)})

    def open_file(self, path: Path) -> None:
        """Look at a package and show what it says."""
        self.page.messages.clear()
        self._path = path
        self._read()

    def _read(self) -> None:
        self.reason.clear()
        path, ledger, today = self._path, self.context.ledger, self.context.facts.today
        if path is None:
            return
        self.page.hold_focus()
        self.main.setEnabled(False)
        self.context.jobs.run(
            Lane.FILES,
            lambda progress: exchange_arrivals.read_arrival(ledger, path, today, progress),
            self.show_arrival,
            self._not_read,
            owner=self,
            shown=_LOOK,
            cancelled=self.put_away,
            newest="exchange-arrival",
        )

    def _not_read(self, error: GengdiError) -> None:
        self.put_away()
        self.page.go_on(self._pick)
        self.page.messages.show_error(error)

    def put_away(self) -> None:
        """Back to the choice of a file; nothing was written."""
        self._path = self.view = None
        self._show_face(1)

    # -- what it says

    def show_arrival(self, view: ArrivalView) -> None:
        """Put what a package says on the page."""
        self.view, self._path = view, view.path
        clear(self._verdict)
        self._verdict.addWidget(Message(view.sign, view.what, view.more))
        self._about.set_note(view.path.name)
        self._facts.show_facts(view.facts)
        self._show_proof(view)
        if view.certificate is not None:
            self.trust.ask(view.certificate)
        self.said.show_said(view.groups, view.nothing)
        self._why.setVisible(view.asks_reason)
        self._why.clear_errors()
        self.main.setText(view.verb)
        self.main.setAccessibleName(view.verb)
        self.main.setEnabled(view.may_take and self.context.writable)
        self._promise.setText(view.why_not or "收下前先存一份备份；收下后可以整个撤回。")
        self.arrange(self.page.shape)
        self._show_face(2)
        ready = self.reason if view.asks_reason else self.main
        self.page.go_on(ready if self.main.isEnabled() else self.trust.tick if view.certificate else self._other)

    def _show_proof(self, view: ArrivalView) -> None:
        clear(self._proof)
        tone = TONE_OF[view.proof_sign]
        head = row(gap=8)
        head.addWidget(mark(view.proof_sign, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(view.proof, "value", wrap=True), 1)
        self._proof.addLayout(head)
        for one in view.rewritten:
            self._proof.addLayout(row(24, label(one, "small", "seal", wrap=True), gap=0))

    def _trust(self) -> None:
        """The groups were compared: trust the signer, then look again."""
        by, ledger = self.context.actor_or(self.page.refused), self.context.ledger
        if by is None or self.view is None or self.view.certificate is None:
            return
        certificate = self.view.certificate

        def done(changes: Changes) -> None:
            self.page.messages.show_message("check", f"已信任{certificate.subject}。", "在“核验”页可以随时取消。")
            self.context.bus.tell(changes)
            self._read()

        self.page.hold_focus()
        self.context.jobs.write(
            lambda _progress: exchange_arrivals.trust(ledger, certificate, by), done, self.page.refused, owner=self
        )

    def _open_plot(self, plots: tuple[str, ...], title: str, plot: str) -> None:
        self.context.trail.follow(plots, title, "exchange")
        self.context.host.go("plot", {"plot": plot})

    # -- take it in

    def receive(self) -> None:
        """Take in what is shown; one entry."""
        by, view, ledger = self.context.actor_or(self.page.refused), self.view, self.context.ledger
        if by is None or view is None or not view.may_take:
            return
        reason = self.reason.text().strip() if view.asks_reason else ""
        if view.asks_reason and not reason:
            self._why.show_error("reason", "还没有写原因。它会和这次收包一起记下来。")
            self.reason.setFocus()
            return
        self.page.hold_focus()
        self.main.setEnabled(False)
        self.context.jobs.run(
            Lane.WRITE,
            lambda progress: exchange_arrivals.receive(ledger, view.path, by, reason, progress),
            self._received,
            self._not_taken,
            owner=self,
            shown=_TAKE,
            cancelled=self._stopped,
        )

    def _received(self, taken: ReceivedView) -> None:
        self.put_away()
        # First what comes next, since it gets the focus: Enter pressed twice would take back what the first one did.
        actions = [self._next(taken)]
        if not taken.changes.nothing:
            actions.append(button("撤回这次收包", pressed=partial(self._take_back, taken.changes)))
        self.page.messages.show_message("check", taken.what, taken.more, actions)
        self.page.go_on(actions[0])
        self.context.bus.tell(taken.changes)

    def _next(self, taken: ReceivedView) -> QPushButton:
        """The way on: to what is to be decided, else to what came in."""
        go = self.context.host.go
        if taken.conflicts:
            see = partial(go, "exchange", {"section": "conflicts"})
            return button(f"看冲突 {taken.conflicts} 处", pressed=see)
        page, word = _WAY_ON[Desk(self.context.facts.desk)]
        return button(word, pressed=partial(go, page))

    def _take_back(self, changes: Changes) -> None:
        undo_entry(self.context, self.page.messages, changes, "这次收包已经撤回，台账和收包前一样。")

    def _not_taken(self, error: GengdiError) -> None:
        self.page.messages.show_error(error)
        self._once_more()

    def _stopped(self) -> None:
        self.page.messages.show_message("info", "没有收。", "台账和原来一样，U 盘上的包没有动。")
        self._once_more()

    def _once_more(self) -> None:
        self.main.setEnabled(True)
        self.page.go_on(self.main)
