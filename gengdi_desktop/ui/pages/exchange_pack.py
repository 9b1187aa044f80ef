"""Packing: which package, for whom, with photos or without, into which folder; signed, then what to hand over."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.sign_dialog import SignDialog, SignWish
from gengdi_desktop.ui.identities import identities_of, open_identity
from gengdi_desktop.ui.jobs import Lane, Shown
from gengdi_desktop.ui.pages import exchange_packing
from gengdi_desktop.ui.pages.exchange_packed import PackedSheet
from gengdi_desktop.ui.pages.exchange_view import (
    PackedAll,
    PackKindView,
    PackView,
    PackWish,
    gigabytes,
    limit_words,
    room_words,
)
from gengdi_desktop.ui.pages.sections import Section, see_through
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.message import TONE_OF, Sign
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, clear, column, label, mark, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.tick_box import TickBox
from gengdi_desktop.ui.widgets.tick_list import CODE_ROLE, TickList

if TYPE_CHECKING:
    from gengdi_desktop.signing.identity import Identity

_PACK: Final = "取消后盘上不留半个文件，台账和原来一样。"
_ROWS: Final = 8


class ExchangePack(Section):
    """Two faces: what to pack; then what was written."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.view = PackView()
        self._folder: Path | None = None
        self._free: int | None = None
        self._wanted_kind = self._shown_kind = ""
        self._what = Sheet("打什么包", "")
        self._make_form()
        self._before = Sheet("写之前看一眼", "")
        self._facts = FactGrid()
        self._room = column(gap=6)
        self._before.body.addWidget(self._facts)
        self._before.body.addLayout(self._room)
        self._before.body.addStretch(1)
        self._parts = Arrangement()
        self.packed = PackedSheet(self._again)
        self._foot = self._make_foot()
        self._area = see_through(self._parts)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self.packed, 1)
        self.body.addWidget(self._foot)
        self.arrange(page.shape)
        self._show_face(1)
        self._show_kind()
        self.first = self._pick

    # -- parts

    def _make_form(self) -> None:
        self.kind = ChoiceField("包", ())
        self.kind.activated.connect(self._show_kind)
        self.one = ChoiceField("抽样", ())
        self.one.activated.connect(self._show_before)
        self.many = TickList("给谁", _ROWS)
        self.many.itemChanged.connect(lambda _item: self._show_before())
        every = button("全选", "link", name="给谁，全选", pressed=partial(self._tick_all, ticked=True))
        none = button("全不选", "link", name="给谁，全不选", pressed=partial(self._tick_all, ticked=False))
        self._many = boxed(column(self.many, row(every, none, None, gap=12), gap=2))
        self._above = label("", "value", wrap=True)
        self.team = LineField("抽查组的名称")
        self.photos = TickBox("带上照片")
        self.photos.setAccessibleName("带上照片")
        self.photos.setChecked(True)
        self.photos.toggled.connect(lambda _on: self._show_before())
        self._photos_told = label("", "small", wrap=True)
        self._place = ElidedLabel("", "value", path=True)
        self._pick = button("选 U 盘或文件夹", sign="drive", pressed=self._choose_folder)
        place = row(self._pick, gap=8)
        place.addWidget(self._place, 1)
        self._form = Form(56)
        self._form.add("kind", "包", self.kind)
        self._form.add("above", "给谁", self._above)
        self._form.add("one", "抽样", self.one)
        self._form.add("many", "给谁", self._many)
        self._form.add("team", "抽查组", self.team, "有几个组的，各写各的名称")
        self._form.add("photos", "照片", boxed(column(self.photos, self._photos_told, gap=2)))
        self._form.add("place", "放到", boxed(place))
        self._what.body.addWidget(self._form)
        self._what.body.addStretch(1)

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("bar", "foot")
        self._promise = label("", "small", wrap=True)
        self._promise.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.main = button("签名打包", "main", pressed=self.ask)
        lay = row(gap=8, margins=(0, 10, 0, 0))
        lay.addWidget(self._promise, 1)
        lay.addWidget(self.main)
        foot.setLayout(lay)
        return foot

    def _show_face(self, face: int) -> None:
        for one in (self._area, self._foot):
            one.setVisible(face == 1)
        self.packed.setVisible(face != 1)

    def arrange(self, shape: Shape) -> None:
        """The form beside what is told of it, or above it."""
        if shape.compact:
            self._parts.place(((self._what, (0, 0, 1, 1)), (self._before, (1, 0, 1, 1))), rows=(0, 1))
        else:
            self._parts.place(((self._what, (0, 0, 1, 1)), (self._before, (0, 1, 1, 1))), columns=(55, 45), rows=(1,))

    # -- what can be packed

    def look(self) -> None:
        """Read what this desk can pack now."""
        ledger = self.context.ledger
        self.context.jobs.run(
            Lane.FILES,  # all photos are weighed: no other page should wait for it
            lambda _progress: exchange_packing.read_pack(ledger),
            self.show_pack,
            self.page.refused,
            owner=self,
            newest="exchange-pack",
        )

    def show_pack(self, view: PackView) -> None:
        """Put the kinds on the page; what was chosen stays."""
        self.view = view
        chosen = self._wanted_kind or self.kind.code()
        self._wanted_kind = ""
        self.kind.set_options([(one.kind.value, one.title) for one in view.kinds], chosen)
        self._show_kind()

    def choose_kind(self, kind: str) -> None:
        """Pack this kind, now or once it is read."""
        self._again()
        self._wanted_kind = kind
        if any(one.kind == kind for one in self.view.kinds):
            self.show_pack(self.view)

    @property
    def chosen(self) -> PackKindView | None:
        """The kind in front."""
        return next((one for one in self.view.kinds if one.kind == self.kind.code()), None)

    def _show_kind(self) -> None:
        one = self.chosen
        self._what.setVisible(one is not None)
        many, several = one is not None and one.many, one is not None and bool(one.receivers)
        self._form.set_row_visible("kind", visible=len(self.view.kinds) > 1)
        self._form.set_row_visible("above", visible=not several)
        self._form.set_row_visible("one", visible=several and not many)
        self._form.set_row_visible("many", visible=several and many)
        self._form.set_row_visible("team", visible=one is not None and bool(one.team))
        self._form.set_row_visible("photos", visible=one is not None and one.photos is not None)
        if one is None:
            self._show_before()
            return
        self._what.set_note(one.meaning)
        self._above.setText(one.above)
        self.team.setText(self.team.text() or one.team)
        before = self._receivers() if self._shown_kind == one.kind else ()
        self._shown_kind = one.kind
        self.one.set_options([(to.code, f"{to.name}　{to.told}".rstrip()) for to in one.receivers], self.one.code())
        self.many.blockSignals(True)
        self.many.clear()
        for to in one.receivers if many else ():
            self.many.add(to.code, to.name, to.told, ticked=to.code in before if before else to.likely)
        self.many.blockSignals(False)
        if one.photos is not None:
            self._photos_told.setText(_photo_words(*one.photos))
            self.photos.setEnabled(one.photos[0] > 0)
        self._show_before()

    def _tick_all(self, *, ticked: bool) -> None:
        for at in range(self.many.count()):
            self.many.item(at).setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _receivers(self) -> tuple[str, ...]:
        one = self.chosen
        if one is None or not one.receivers:
            return ()
        if one.many:
            return tuple(str(item.data(CODE_ROLE)) for item in self.many.ticked())
        return (self.one.code(),)

    # -- where to

    def _choose_folder(self) -> None:
        start = str(self._folder or self.context.preferences.start_folder())
        chosen = self.context.prompts.folder("包放到哪里，最好是 U 盘", start)
        if chosen is not None:
            self.context.preferences.used_folder(chosen)
            self.use_folder(chosen)

    def use_folder(self, folder: Path) -> None:
        """Write there; how much room there is gets looked up."""
        self._folder, self._free = folder, None
        self._place.set_words(str(folder))
        self._form.show_error("place", "")
        self.context.jobs.run(
            Lane.FILES,
            lambda _progress: exchange_packing.free_room(folder),
            self._show_room,
            self._no_room,
            owner=self,
            newest="exchange-room",
        )
        self._show_before()

    def _show_room(self, free: int) -> None:
        self._free = free
        self._show_before()
        if self.page.focusWidget() is self._pick and self.main.isEnabled():
            self.page.go_on(self.main)

    def _no_room(self, error: GengdiError) -> None:
        """The disk is away: said beside the place, which is to be chosen again."""
        self._folder = None
        if self.page.focusWidget() is self.main:
            self.page.go_on(self._pick)
        self._form.refuse("place", error)
        self._show_before()

    # -- what is told before

    @property
    def wanted_bytes(self) -> int:
        """About how many bytes would be written."""
        one = self.chosen
        photos = one.photos[1] if one is not None and one.photos is not None and self.photos.isChecked() else 0
        return self.view.rows_size + photos

    def _show_before(self) -> None:
        one, receivers = self.chosen, self._receivers()
        clear(self._room)
        facts: list[tuple[str, str]] = []
        why = "" if self.context.writable else "这本台账现在只能看，打不了包。"
        if one is not None:
            facts.append(("装什么", one.carries))
            if one.many:
                facts.append(("几个文件", f"{words.count(len(receivers))} 个，每个{one.asks}一个"))
            facts.append(("签名", "打包的人用自己的口令签名，收的人才认得出是您打的、半路没有动过。"))
            why = why or one.why_not or ("还没有选给谁。" if one.receivers and not receivers else "")
        self._facts.show_facts(facts)
        told: list[tuple[Sign, str]] = []
        if self._free is not None:
            photos = self.wanted_bytes > self.view.rows_size
            told.append(room_words(self._free, self.wanted_bytes, photos=photos))
        limit = limit_words(self.wanted_bytes, photos=one is not None and one.photos is not None)
        if limit:
            told.append(("warn", limit))
        for sign, sentence in told:
            self._room.addWidget(_told(sign, sentence))
        why = why or ("还没有选放到哪里。" if self._folder is None else "")
        full = any(sign == "stop" for sign, _sentence in told)
        self.main.setEnabled(one is not None and not why and not full)
        self._promise.setText(why or ("放不下，先换一个盘。" if full else "写完会读回来核对一遍，写不成不留半个文件。"))

    # -- pack

    @property
    def wish(self) -> PackWish | None:
        """What is asked for; None while the kind or the folder is not chosen."""
        one, folder = self.chosen, self._folder
        if one is None or folder is None:
            return None
        photos = one.photos is None or self.photos.isChecked()  # where nobody is asked, what belongs to it goes along
        return PackWish(one.kind, self._receivers(), photos, folder, self.team.text().strip() if one.team else "")

    def ask(self) -> None:
        """Who signs, with which identity; the passphrase is tried before anything is written."""
        one, wish = self.chosen, self.wish
        by = self.context.actor_or(self.page.refused)
        if one is None or wish is None or by is None:
            return
        role = next((who.role for who in self.context.facts.active_members if who.name == by.name), "")
        dialog = SignDialog(one.title, by.name, role, identities_of(by.name), self.context.prompts, ())
        dialog.help_topic = "U盘交换"
        dialog.wished.connect(partial(self._signed, dialog, wish))
        self.context.host.open_dialog(dialog)

    def _signed(self, dialog: SignDialog, wish: PackWish, sign: SignWish) -> None:
        ledger = self.context.ledger

        def refused(error: GengdiError) -> None:
            dialog.messages.show_error(error)
            dialog.failed()

        def opened(identity: Identity) -> None:
            dialog.done()
            self._pack(wish, identity)

        self.context.jobs.run(
            Lane.FILES,
            lambda _progress: open_identity(ledger, sign),
            opened,
            refused,
            owner=dialog,
            shown=Shown("签名"),
        )

    def _pack(self, wish: PackWish, identity: Identity) -> None:
        by, ledger = self.context.actor_or(self.page.refused), self.context.ledger
        if by is None:
            return
        self.page.messages.clear()
        self.page.hold_focus()
        self.main.setEnabled(False)
        self.context.jobs.run(
            Lane.WRITE,
            lambda progress: exchange_packing.pack(ledger, wish, by, identity, progress),
            self.show_packed,
            self._not_packed,
            owner=self,
            shown=Shown("打包", "个包" if len(wish.receivers) > 1 else "MB", _PACK),
            cancelled=self._stopped,
        )

    def show_packed(self, made: PackedAll) -> None:
        """Say what was written, and what to hand over."""
        if made.stopped:
            self.page.messages.show_message("warn", made.stopped, f"前面 {len(made.packed)} 个包已经写好，都能用。")
        self.packed.show_packed(made)
        self._show_face(2)
        self._show_before()
        self.page.go_on(self.packed.again)
        self.context.bus.tell(made.changes)

    def _not_packed(self, error: GengdiError) -> None:
        self.page.messages.show_error(error)
        self._once_more()

    def _once_more(self) -> None:
        """The disk may be away by now: look before it is offered again."""
        self._show_before()
        self.page.go_on(self.main)
        if self._folder is not None:
            self.use_folder(self._folder)

    def _stopped(self) -> None:
        self.page.messages.show_message("info", "没有打包。", "盘上没有留下半个文件，台账和原来一样。")
        self._once_more()

    def _again(self) -> None:
        self._show_face(1)
        self.page.go_on(self.main)


def _photo_words(count: int, size: int) -> str:
    if not count:
        return "没有要带的照片。"
    return f"{words.count(count)} 张，{gigabytes(size)}。上次对方已收的不重复带。"


def _told(sign: Sign, sentence: str) -> QWidget:
    lay = row(gap=8)
    lay.addWidget(mark(sign, TONE_OF[sign], 16), 0, Qt.AlignmentFlag.AlignTop)
    lay.addWidget(label(sentence, "value", wrap=True), 1)
    return boxed(lay)
