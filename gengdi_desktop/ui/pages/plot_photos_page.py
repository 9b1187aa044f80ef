"""One photo large, or before beside after; what it says of itself, what is asked of it, the next one a key away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.evidence.records import BY_HAND
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.photo_lines import PhotoLine, partner, place_words, read_photo_lines
from gengdi_desktop.ui.pages.plot_photos_asked import AskedBlock, AskedDeeds
from gengdi_desktop.ui.pages.plot_photos_said import SayForm
from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.page import Page, scrolling
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, clear, label, row
from gengdi_desktop.ui.widgets.photo_view import PhotoView
from gengdi_desktop.ui.widgets.shape import Shape

if TYPE_CHECKING:
    from gengdi_desktop.domain.photo_questions import Twin

_WIDTH: Final = 2400
_PANEL, _NARROW_PANEL = 320, 260
_HASH: Final = 16
_TIME, _PLACE, _DIRECTION = "at", "place", "direction"
_WAITING: Final = "正在读这张照片"


@dataclass(frozen=True)
class PhotosOfPlot:
    """What the page shows: the plot's name and its pictures."""

    plot: str
    name: str
    lines: tuple[PhotoLine, ...]


@dataclass(frozen=True)
class _Shown:
    """A picture of one of the two views: hash, head and file name."""

    sha256: str
    title: str
    name: str


class PlotPhotosPage(Page):
    """Opened from a tile; Esc goes back to where it was opened."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("看照片")
        self._context = context
        self._wish: tuple[str, int] = ("", 0)
        self._beside = self._saying = False
        self._twin = 0
        self._came_from: list[tuple[str, int]] = []
        self.say_form: SayForm | None = None
        self.asked: tuple[AskedBlock, ...] = ()
        self.back = "plot"
        self.photos: PhotosOfPlot | None = None
        self.pictures = Pictures(context.ledger, context.jobs, _WIDTH, self)
        self.pictures.came.connect(lambda _sha256: self._draw())
        self.view, self.other = PhotoView(), PhotoView()
        self.view.moved.connect(self.other.take)
        self.other.moved.connect(self.view.take)
        self._back = button("图斑", "link", "left", key="Esc", pressed=self.go_back)
        self._title = ElidedLabel("", "title")
        self._place_words = label("", "small")
        self._compare = button("前后对照", "tool", "columns", key="C", pressed=self.turn_beside)
        self._compare.setCheckable(True)
        self._steps = (
            button("", "tool", "left", name="上一张", key="←", pressed=partial(self.step, -1)),
            button("", "tool", "right", name="下一张", key="→", pressed=partial(self.step, 1)),
        )
        near = button("", "tool", "zoomin", name="放大", key="+", pressed=self.view.nearer)
        far = button("", "tool", "zoomout", name="缩小", key="-", pressed=self.view.farther)
        whole = button("看全图", "tool", key="0", pressed=self.view.fit)
        head = row(self._back, gap=8)
        head.addWidget(self._title, 1)
        for one in (self._compare, far, near, whole, self._place_words, *self._steps):
            head.addWidget(one)
        self.body.addLayout(head)
        self._make_parts()
        self._make_keys()

    def _make_parts(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self.other, 1)
        both.addWidget(self.view, 1)
        self._panel = QWidget()
        self.panel_body = QVBoxLayout(self._panel)
        self.panel_body.setContentsMargins(0, 0, 8, 0)
        self.panel_body.setSpacing(8)
        self._facts_place, self._say_place, self._asked_place = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._asked_place.setSpacing(8)
        self.panel_body.addLayout(self._asked_place)
        self.panel_body.addLayout(self._facts_place)
        self.panel_body.addLayout(self._say_place)
        self.panel_body.addStretch(1)
        self._area: QScrollArea = scrolling(self._panel)
        self._area.setFixedWidth(px(_PANEL))
        whole = row(gap=12)
        whole.addLayout(both, 1)
        whole.addWidget(self._area)
        self.body.addLayout(whole, 1)

    def _make_keys(self) -> None:
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Left", partial(self.step, -1)),
            ("Right", partial(self.step, 1)),
            ("PgUp", partial(self.step, -1)),
            ("PgDown", partial(self.step, 1)),
            ("Esc", self.go_back),
        )
        for key, call in keys:
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(call)
        for view in (self.view, self.other):
            beside = QShortcut(QKeySequence("C"), view, context=Qt.ShortcutContext.WidgetShortcut)
            beside.activated.connect(self.turn_beside)

    # -- what the window asks

    def wish(self, filters: Mapping[str, str]) -> None:
        """Show the file ``photo`` of the plot ``plot``, ``beside`` its opposite; ``back`` names the page before.

        ``twin`` lays another use of the same picture beside it, by its number.
        """
        self._wish = (filters.get("plot", ""), int(filters.get("photo", "0")))
        self._twin = int(filters.get("twin", "0"))
        self._came_from.clear()
        self._beside, self._saying = filters.get("beside") == "1", filters.get("say") == "1"
        self._end_saying()
        self.back = filters.get("back", "plot")
        self.pictures.look_again()
        self._read()

    def shown(self) -> None:
        """Read the plot's files anew."""
        if self._wish[0]:
            self._read()
        self.view.setFocus()

    def ledger_changed(self, _changes: Changes) -> None:
        """Something was done to this plot."""
        if not _changes.plots or self._wish[0] in _changes.plots or not _changes.tables:
            self._read()

    def arrange(self, shape: Shape) -> None:
        """A narrow window leaves the facts less room, and the count to those who read the screen aloud."""
        self._place_words.setVisible(not shape.compact)
        self._area.setFixedWidth(px(_NARROW_PANEL if shape.compact else _PANEL))

    # -- walking

    @property
    def line(self) -> PhotoLine | None:
        """The photo in front."""
        lines = self.photos.lines if self.photos is not None else ()
        return next((one for one in lines if one.id == self._wish[1]), lines[0] if lines else None)

    def step(self, by: int) -> None:
        """The next or the previous photo; at the end nothing happens."""
        lines = self.photos.lines if self.photos is not None else ()
        if self.line is None:
            return
        at = lines.index(self.line) + by
        if 0 <= at < len(lines):
            self._wish = (self._wish[0], lines[at].id)
            self._twin = 0
            self.view.fit()
            self._end_saying()
            self._show()

    def turn_beside(self) -> None:
        """Before beside after, or one alone."""
        self._beside, self._twin = not self._beside and not self._twin, 0
        self._show()

    def compare(self, twin: Twin) -> None:
        """Lay another use of the same picture beside this one, or put it away again."""
        self._beside, self._twin = False, 0 if self._twin == twin.attachment else twin.attachment
        self._show()

    def follow(self, twin: Twin) -> None:
        """Go to another use of the same picture; back leads here again."""
        self._came_from.append(self._wish)
        self._wish, self._beside, self._twin = (twin.plot, twin.attachment), False, 0
        self._end_saying()
        self._read()

    def say(self) -> None:
        """Open the form of what a person says of this photo."""
        line = self.line
        if line is None or line.known is None or not self._context.writable:
            return
        self._end_saying()
        self.say_form = SayForm(self._context, line, self.messages, self._said)
        self._say_place.addWidget(self.say_form)
        self.say_form.day.setFocus()

    def leave(self) -> None:
        """What is half typed is kept."""
        for one in self.asked:
            one.leave()
        if self.say_form is not None:
            self.say_form.leave()

    def _show_asked(self, line: PhotoLine) -> None:
        """The questions above the facts, open ones first; a field that is being typed in stays."""
        shown = tuple(one.question for one in self.asked)
        wanted = tuple(sorted(line.asked, key=lambda one: not one.open))
        if shown == wanted:
            return
        for one in self.asked:
            one.leave()
        clear(self._asked_place)
        deeds = AskedDeeds(self._answered, self.compare, self.follow)
        self.asked = tuple(AskedBlock(self._context, one, self.messages, deeds) for one in wanted)
        for one in self.asked:
            self._asked_place.addWidget(one)

    def _answered(self, changes: Changes) -> None:
        self._context.bus.tell(changes)
        self._read()

    def _end_saying(self) -> None:
        if self.say_form is not None:
            self.say_form.leave()
            self.say_form = None
        clear(self._say_place)

    def _said(self, changes: Changes) -> None:
        self._end_saying()
        self._context.bus.tell(changes)
        self._read()

    def go_back(self) -> None:
        """Back to the photo from which one came, to the plot, or to where the photo was opened."""
        if self._came_from:
            self._wish, self._twin = self._came_from.pop(), 0
            self._read()
            return
        self._context.host.go(self.back, {"plot": self._wish[0]} if self.back == "plot" else None)

    # -- showing

    def _read(self) -> None:
        ledger, plot = self._context.ledger, self._wish[0]

        def work(_progress: Progress) -> PhotosOfPlot:
            from gengdi_desktop.ledger import queries

            lines = tuple(one for one in read_photo_lines(ledger, plot) if one.picture)
            found = queries.plot_lines(ledger, [plot])
            return PhotosOfPlot(plot, f"{found[0].village} {found[0].plot_no}" if found else "", lines)

        self._context.jobs.read(work, self.show_photos, self.refused, owner=self, newest="plot-photos")

    def show_photos(self, photos: PhotosOfPlot) -> None:
        """Put a plot's photos on the page."""
        if photos.plot != self._wish[0]:
            return
        self.photos = photos
        self._show()
        if self._saying:
            self._saying = False
            self.say()

    def _show(self) -> None:
        line = self.line
        if self.photos is None or line is None:
            self._title.set_words("没有照片")
            self._place_words.setText("")
            self._draw()
            return
        lines = self.photos.lines
        at = lines.index(line)
        self._title.set_words(self.photos.name)
        self._place_words.setText(f"第 {at + 1} 张，共 {len(lines)} 张")
        self._steps[0].setEnabled(at > 0)
        self._steps[1].setEnabled(at < len(lines) - 1)
        other = partner(line, lines)
        beside = self._opposite(line)
        self._compare.setEnabled(other is not None or beside is not None)
        self._compare.setChecked(self._beside and beside is not None)
        self.other.setVisible(beside is not None)
        ahead = [one.sha256 for one in lines[at + 1 : at + 2]]
        self.pictures.want([line.sha256, *([beside.sha256] if beside is not None else []), *ahead])
        self._show_asked(line)
        self._show_facts(line)
        self._draw()

    def _draw(self) -> None:
        line = self.line
        if self.photos is None or line is None:
            self.view.show_image(None, "", "这个图斑还没有照片。")
            return
        own = _Shown(line.sha256, line.title, line.name)
        for view, one in ((self.view, own), (self.other, self._opposite(line))):
            if one is not None:
                image, fault = self.pictures.image(one.sha256), self.pictures.fault(one.sha256)
                told = "" if image is not None else f"{fault}：{one.name}" if fault else _WAITING
                view.show_image(image, one.title, told)

    def _opposite(self, line: PhotoLine) -> _Shown | None:
        """What is laid beside a photo: another use of the same picture, the other side of the works, or nothing."""
        twin = next((one for one in line.twins if one.attachment == self._twin), None)
        if twin is not None:
            return _Shown(twin.sha256, twin.name, twin.name)
        other = partner(line, self.photos.lines) if self._beside and self.photos is not None else None
        return _Shown(other.sha256, other.title, other.name) if other is not None else None

    def _show_facts(self, line: PhotoLine) -> None:
        clear(self._facts_place)
        self._facts_place.addWidget(label("这张照片", "section"))
        grid = FactGrid()
        grid.show_facts(facts_of(line))
        self._facts_place.addWidget(grid)
        if line.known is not None and self._context.writable:
            say = button("手填时间、位置、朝向", "link", "pen", pressed=self.say)
            self._facts_place.addLayout(row(say, None))
        self._facts_place.addWidget(label(f"校验码 {line.sha256[:_HASH]}…", "small"))


def facts_of(line: PhotoLine) -> tuple[tuple[str, str], ...]:
    """What is known of a photo, as pairs of label and value; what is missing says why."""
    pairs = [("环节", line.stage.label), ("文件名", line.name)]
    known = line.known
    if known is not None:
        said = known.by_hand
        place = place_words(*known.place) if known.place else ""
        pairs += [
            ("拍摄时间", _marked(line.taken, known.time_word, said=_TIME in said)),
            ("位置", _marked(place, known.place_word, said=_PLACE in said)),
            ("与图斑", line.where),
            ("朝向", _marked(line.direction, "没有记朝向", said=_DIRECTION in said)),
            ("说明", known.reason),
            ("相机", known.facts.device),
            ("软件", known.facts.software),
            ("像素", "×".join(map(str, known.facts.upright_size)) if known.facts.width else ""),
        ]
    pairs += [("大小", line.size), ("备注", line.note)]
    return tuple((name, value) for name, value in pairs if value)


def _marked(value: str, gap: str, *, said: bool) -> str:
    return f"{value}（{BY_HAND}）" if value and said else value or gap
