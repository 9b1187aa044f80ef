"""The tray: files that wait for their plot, each with why; the nearest plots are one press away, any other by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.photo_tray import Nearby, TrayLine, near_photos, read_nearby, read_tray
from gengdi_desktop.ui.pages.evidence_place import PlotField
from gengdi_desktop.ui.pages.evidence_taking import undo_entry
from gengdi_desktop.ui.pages.sections import Section
from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, row
from gengdi_desktop.ui.widgets.photo_map import PhotoMap
from gengdi_desktop.ui.widgets.photo_strip import PhotoStrip
from gengdi_desktop.ui.widgets.photo_tile import PICTURE, Tile
from gengdi_desktop.ui.widgets.shape import Shape

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_SIDE, _NARROW_SIDE = 340, 280
_MAP: Final = 190


class EvidenceTray(Section):
    """Tiles at the left; what helps to place the chosen ones at the right. F6 goes to the next."""

    def __init__(self, context: UiContext, page: Page) -> None:
        super().__init__(context, page)
        self.lines: tuple[TrayLine, ...] = ()
        self.pictures = Pictures(context.ledger, context.jobs, PICTURE[0] * 2, self)
        self.strip = PhotoStrip("待归位的照片", self.pictures, grows=False)
        self.strip.remove_asked.connect(lambda _files: self.reason.setFocus())
        self.strip.opened.connect(lambda _file: self.plot.setFocus())
        self.strip.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        self.strip.chosen.connect(lambda _file: self._chosen())
        self._nothing = label(
            "没有等着归位的照片。收照片时对不上图斑的会放在这里。把照片或文件夹拖进来，就按编号和位置归到各图斑。",
            wrap=True,
        )
        self.map = PhotoMap("照片和近处图斑的位置")
        self.map.setFixedHeight(px(_MAP))
        self.map.photo_pressed.connect(self.strip.choose)
        self.map.plot_pressed.connect(self._place_named)
        self._side = self._make_side()
        parts = row(gap=12)
        parts.addWidget(self.strip, 1)
        parts.addWidget(self._side)
        self.body.addWidget(self._nothing)
        self.body.addLayout(parts, 1)
        self.body.addStretch(0)
        self._nearby = Nearby()
        key = QShortcut(QKeySequence("F6"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.next)

    def _make_side(self) -> QWidget:
        held = QWidget()
        lay = QVBoxLayout(held)
        lay.setContentsMargins(0, 0, 8, 0)
        lay.setSpacing(8)
        self._head = label("", "section")
        self._why = label("", "label", "soil", wrap=True)
        self._near_place = column(gap=4)
        self.stage = ChoiceField("环节", (("", "选环节"), *((one.value, one.label) for one in Stage)))
        self.plot = PlotField(self.context)
        self.plot.chosen.connect(lambda plot, _name: self.place(plot))
        self.reason = LineField("不要的原因", hint="拍糊了、不是这次的")
        self.reason.returnPressed.connect(self.discard)
        lay.addWidget(self._head)
        lay.addWidget(self._why)
        lay.addWidget(self.map)
        lay.addLayout(row(label("环节", "label"), self.stage, None))
        lay.addLayout(self._near_place)
        lay.addWidget(label("归到别的图斑", "label"))
        lay.addWidget(self.plot)
        lay.addWidget(line())
        away = row(gap=8)
        away.addWidget(self.reason, 1)
        away.addWidget(button("不要了", "link", tone="seal", pressed=self.discard))
        lay.addLayout(away)
        lay.addStretch(1)
        area = scrolling(held)
        area.setFixedWidth(px(_SIDE))
        return area

    # -- what the page asks

    def look(self) -> None:
        """Read what waits."""
        ledger = self.context.ledger
        self.context.jobs.read(
            lambda _progress: read_tray(ledger), self.show_lines, self.page.messages.show_error, owner=self,
            newest="tray",
        )  # fmt: skip

    def arrange(self, shape: Shape) -> None:
        """A narrow window leaves the side less room."""
        self._side.setFixedWidth(px(_NARROW_SIDE if shape.compact else _SIDE))

    def show_lines(self, lines: Sequence[TrayLine]) -> None:
        """Show what waits."""
        self.lines = tuple(lines)
        self.counted.emit(len(lines))
        self._nothing.setVisible(not lines)
        for one in (self.strip, self._side):
            one.setVisible(bool(lines))
        self.strip.show_tiles([_tile(one) for one in lines])
        if lines and not self.strip.chosen_ids():
            self.strip.choose(self.strip.current_id())
        self._chosen()

    # -- choosing

    @property
    def chosen(self) -> tuple[TrayLine, ...]:
        """The files that are chosen, or the one in front."""
        ids = set(self.strip.chosen_ids()) or {self.strip.current_id()}
        return tuple(one for one in self.lines if one.id in ids)

    def next(self) -> None:
        """The next file that waits, from the start again after the last."""
        at = self.strip.currentIndex().row() + 1
        if self.lines:
            self.strip.choose(self.lines[at % len(self.lines)].id)
            self.strip.setFocus()

    def _chosen(self) -> None:
        chosen = self.chosen
        self._head.setText(f"选中 {words.count(len(chosen))} 张" if len(chosen) > 1 else "归到哪个图斑")
        self._why.setText("；".join(dict.fromkeys(one.why for one in chosen)))
        self.map.choose([one.id for one in chosen])
        if len({one.stage for one in chosen}) == 1 and chosen[0].stage is not None:
            self.stage.choose(chosen[0].stage.value)
        ledger, photos = self.context.ledger, [one.photo for one in chosen if one.photo is not None]
        self.context.jobs.read(
            lambda _progress: read_nearby(ledger, photos), self._show_nearby, owner=self, newest="tray-near"
        )

    def _show_nearby(self, nearby: Nearby) -> None:
        self._nearby = nearby
        clear(self._near_place)
        for one in nearby.plots:
            press = button(f"归到 {one.name}", name=f"归到 {one.name}，{one.far}", pressed=partial(self.place, one.id))
            self._near_place.addLayout(row(press, label(one.far, "small"), None))
        chosen = {one.id for one in self.chosen}
        here = [one.photo for one in self.chosen if one.photo is not None]
        photos = near_photos(here, [one.photo for one in self.lines if one.photo is not None])
        self.map.setVisible(bool(photos))
        self.map.show_all(photos, nearby.shapes)
        self.map.choose(sorted(chosen))

    def _place_named(self, plot: str) -> None:
        self.place(plot)

    # -- deeds

    def place(self, plot: str) -> None:
        """Put the chosen files to a plot; the stage is asked for where it is not known."""
        chosen, stage = self.chosen, self.stage.code()
        if not stage:
            self.page.messages.show_message("warn", "先选环节：是整改前、整改中还是整改后。", "还没有归位，照片都在。")
            self.stage.setFocus()
            return
        ids = [one.id for one in chosen]

        def work(ledger: Ledger, by: Actor) -> Changes:
            from gengdi_desktop.evidence.tray import service as tray

            return tray.place(ledger, ids, plot, stage, by=by)

        near = {one.id: one.name for one in self._nearby.plots}
        where = near.get(plot) or self.plot.line.text().strip()
        self._do(work, f"已把 {len(ids)} 张归到 {where}。", "已撤销，照片回到待归位。")

    def discard(self) -> None:
        """Let the chosen files go, with a reason; their bytes stay, and undo brings them back."""
        ids, reason = [one.id for one in self.chosen], self.reason.text().strip()

        def work(ledger: Ledger, by: Actor) -> Changes:
            from gengdi_desktop.evidence.tray import service as tray

            return tray.discard(ledger, ids, by=by, reason=reason)

        self._do(work, f"{len(ids)} 张不再等归位。", "已撤销，照片回到待归位。")

    def _do(self, work: Callable[[Ledger, Actor], Changes], said: str, unsaid: str) -> None:
        by = self.context.actor_or(self.page.messages.show_error)
        if by is None or not self.chosen:
            return
        ledger, messages = self.context.ledger, self.page.messages

        def do(_progress: Progress) -> Changes:
            return work(ledger, by)

        def done(changes: Changes) -> None:
            undo = button("撤销", pressed=lambda: undo_entry(self.context, messages, changes, unsaid))
            messages.show_message("check", said, "", [undo])
            self.reason.clear()
            self.plot.clear()
            self.context.bus.tell(changes)

        self.context.jobs.write(do, done, messages.show_error, owner=self)


def _tile(one: TrayLine) -> Tile:
    known = one.known
    gap = "" if known is None or known.place else known.place_word
    return Tile(
        one.id, one.sha256, one.name, under=gap or one.taken or one.told, tone="soil" if gap else "",
        picture=one.picture, name=one.name,
    )  # fmt: skip
