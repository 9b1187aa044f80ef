"""People: who may act in this ledger, and who answers for which village."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.ui.context import Person, UiContext
from gengdi_desktop.ui.dialogs.assign_dialog import AssignDialog, Assignment
from gengdi_desktop.ui.dialogs.member_dialog import MemberDialog, NewMember
from gengdi_desktop.ui.editing.drafts import draft_of
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.page import Arrangement, Page
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, clear, column, label, line, row
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import PressRow, Sheet

if TYPE_CHECKING:
    from gengdi_desktop.ledger.villages import VillagePeople

_VILLAGE_WIDTH = 212
_COUNT_WIDTH = 60


class MembersPage(Page):
    """Members at the left, villages with their people at the right."""

    shows: ClassVar[frozenset[str]] = frozenset({"member", "plot", "ledger"})

    def __init__(self, context: UiContext) -> None:
        super().__init__("成员与分工", context.facts.name)
        self._context = context
        self._villages: tuple[VillagePeople, ...] = ()
        add = button("添加成员", "link", "plus", pressed=self._ask_member)
        add.setEnabled(context.writable)
        self._people = Sheet("成员", "每一步都记下是谁做的", add, pad=16)
        self._people_rows = _rows(self._people)
        self._places = Sheet("各村由谁负责", "点一行分派", pad=16)
        self._place_rows = _rows(self._places)
        self._left, self._parts = Arrangement(), Arrangement()
        self.body.addWidget(self._parts)
        self.body.addStretch(1)
        self.arrange(self.shape)
        self._show()

    def arrange(self, shape: Shape) -> None:
        """Two columns, or one under the other."""
        if shape.compact:
            self._parts.place(((self._people, (0, 0, 1, 1)), (self._places, (1, 0, 1, 1))), rows=(0, 0))
        else:
            self._left.place(((self._people, (0, 0, 1, 1)),), rows=(0, 1))
            self._parts.place(((self._left, (0, 0, 1, 1)), (self._places, (0, 1, 1, 1))), columns=(38, 62))

    def shown(self) -> None:
        """Show what the window knows, and ask who answers for the villages."""
        self._show()

        def work(_progress: Progress) -> tuple[VillagePeople, ...]:
            from gengdi_desktop.ledger.villages import village_people

            return village_people(self._context.ledger)

        self._context.jobs.read(work, self._show_villages, self.refused, owner=self, newest="villages")

    def facts_read(self) -> None:
        """Show the members as the window knows them now."""
        self._show()

    def _show(self) -> None:
        clear(self._people_rows)
        for person in self._context.facts.members:
            self._people_rows.addWidget(line())
            self._people_rows.addWidget(self._person(person))
        self._people_rows.addWidget(line())

    # -- members

    def _person(self, person: Person) -> QWidget:
        here = person.name == self._context.member
        lay = row(label(person.name, "value"), label(person.role, "label"), gap=12)
        if here:
            lay.addWidget(label("现在是您", "small", "accent"))
        if not person.active:
            lay.addWidget(label("已停用", "small", "stone"))
        lay.addStretch(1)
        several = len(self._context.facts.active_members) > 1
        if person.active and several and self._context.writable and not here:
            retire = button("停用", "link", tone="seal", pressed=lambda: self._retire(person.name))
            retire.setAccessibleName(f"停用{person.name}")
            retire.setToolTip("停用后不能再办事，做过的都留着")
            lay.addWidget(retire)
        whole = column(lay, gap=0, margins=(0, 4, 0, 4))
        if places := self._places_of(person.name):
            whole.addWidget(label(places, "small", wrap=True))
        return boxed(whole)

    def _places_of(self, name: str) -> str:
        mine = [(one.village, dict(one.leaders)[name]) for one in self._villages if name in dict(one.leaders)]
        if not mine:
            return ""
        return f"负责{'、'.join(village for village, _count in mine)}，共 {sum(count for _v, count in mine)} 个图斑"

    def _ask_member(self) -> None:
        dialog = MemberDialog()
        dialog.wished.connect(self._add)
        self._context.host.open_dialog(dialog)
        draft_of(self._context, "member", dialog)

    def _add(self, new: NewMember) -> None:
        def act(by: Actor) -> Changes:
            from gengdi_desktop.ledger import service

            return service.add_member(
                self._context.ledger, new.name, new.role, by=by, title=new.title, office_phone=new.office_phone
            )

        self._write(act)

    def _retire(self, name: str) -> None:
        def act(by: Actor) -> Changes:
            from gengdi_desktop.ledger import service

            return service.retire_member(self._context.ledger, name, by=by)

        self._write(act)

    # -- villages

    def _show_villages(self, villages: tuple[VillagePeople, ...]) -> None:
        self._villages = villages
        self._show()
        clear(self._place_rows)
        if not villages:
            told = "导入清单以后，各村会列在这里，再分派给责任领导和田长、网格长。"
            self._place_rows.addWidget(label(told, "label", wrap=True))
            return
        nobody = sum(1 for one in villages if not one.leaders)
        self._places.set_note(f"点一行分派，还有 {nobody} 个村没有责任领导" if nobody else "点一行分派")
        for one in villages:
            self._place_rows.addWidget(line())
            self._place_rows.addWidget(self._village(one))
        self._place_rows.addWidget(line())

    def _village(self, one: VillagePeople) -> QWidget:
        leaders, chiefs = _names(one.leaders, one.plots), _names(one.chiefs, one.plots)
        name = label(one.village or "没有写村", "value", wrap=True)
        name.setFixedWidth(px(_VILLAGE_WIDTH))
        count = label(f"{one.plots} 个", "label")
        count.setFixedWidth(px(_COUNT_WIDTH))
        lay = row(name, count, gap=8, margins=(4, 5, 4, 5))
        lay.addWidget(ElidedLabel(leaders or "没有责任领导", "value" if leaders else "label"), 1)
        lay.addWidget(ElidedLabel(f"网格长 {chiefs}" if chiefs else "没有网格长", "label"), 1)
        told = f"{one.village}，{one.plots} 个图斑，责任领导{leaders or '没有'}，网格长{chiefs or '没有'}"
        made = PressRow(f"分派{told}", lambda: self._ask_people(one))
        made.setLayout(lay)
        return made

    def _ask_people(self, village: VillagePeople) -> None:
        if not self._context.writable:
            return
        if not village.open_plots:
            told = f"{village.village}的 {village.plots} 个图斑都已销号，不能再改责任人。"
            self.messages.show_message("info", told)
            return
        dialog = AssignDialog(village, [one.name for one in self._context.facts.active_members])
        dialog.wished.connect(self._assign)
        self._context.host.open_dialog(dialog)

    def _assign(self, wish: Assignment) -> None:
        from gengdi_desktop.phases.editing.service import EditOutcome

        ledger = self._context.ledger
        by = self._context.actor_or(self.refused)
        if by is None:
            return

        def work(_progress: Progress) -> EditOutcome:
            from gengdi_desktop.ledger.villages import open_plots_of
            from gengdi_desktop.phases.editing import service
            from gengdi_desktop.phases.editing.cells import CellEdit

            named = [
                (key, name) for key, name in (("responsible_leader", wish.leader), ("grid_chief", wish.chief)) if name
            ]
            plots = open_plots_of(ledger, wish.township, wish.village)
            return service.apply(
                ledger, [CellEdit(plot, key, name) for plot in plots for key, name in named], by=by, reason="分派责任人"
            )

        def done(outcome: EditOutcome) -> None:
            self._context.bus.tell(outcome.changes)
            if outcome.misfits:
                what = f"{wish.village}有 {len(outcome.misfits)} 处没有改成，别的都改好了。"
                self.messages.show_message("warn", what, outcome.misfits[0].message)

        self._context.jobs.write(work, done, self.refused, owner=self, title=f"分派{wish.village}")

    # -- common

    def _write(self, act: Callable[[Actor], Changes]) -> None:
        by = self._context.actor_or(self.refused)
        if by is None:
            return
        self._context.jobs.write(lambda _progress: act(by), self._context.bus.tell, self.refused, owner=self)


def _rows(sheet: Sheet) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(0)
    sheet.body.addLayout(made)
    sheet.body.addStretch(1)
    return made


def _names(names: tuple[tuple[str, int], ...], plots: int) -> str:
    """One name stands alone; where plots name nobody it has its count, and of several the first stands for all."""
    if not names:
        return ""
    name, count = names[0]
    if len(names) > 1:
        return f"{name}等 {len(names)} 人"
    return name if count == plots else f"{name}（{count} 个）"
