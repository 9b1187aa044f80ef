"""A new sample in three calm steps: freeze the frame, type the seed that was drawn by lot, see the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.errors import GengdiError, RuleError
from gengdi_desktop.phases.sampling.records import StratumLine
from gengdi_desktop.phases.sampling.strata import StratumField, rules_in_words
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.jobs import Lane, Progress
from gengdi_desktop.ui.models.rows_model import Cell, RowsModel, Shown
from gengdi_desktop.ui.pages import sampling_view
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import FactGrid, Form
from gengdi_desktop.ui.widgets.page import Arrangement, scrolling
from gengdi_desktop.ui.widgets.parts import boxed, button, label, row, say
from gengdi_desktop.ui.widgets.shape import Shape
from gengdi_desktop.ui.widgets.sheet import Sheet
from gengdi_desktop.ui.widgets.steps import Steps
from gengdi_desktop.ui.widgets.table_cells import Column
from gengdi_desktop.ui.widgets.table_view import TableView, framed
from gengdi_desktop.ui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from gengdi_desktop.phases.sampling.records import SampleInfo

RATIO, COUNT = "ratio", "count"
_PERCENT: Final = 100
_USUAL: Final = "5"
_TABLE: Final = 210
_NUMBER_WIDTH, _SEED_WIDTH = 96, 260
_EVERYWHERE: Final = "全部申报到位的图斑"
_PROMISE: Final = "封存只记下此刻有哪些图斑可抽，图斑一个也不改。"
_ShareRow = tuple[str, str, str, str]


@dataclass(frozen=True)
class FrameWish:
    """A frame to be frozen: its name, by what it is grouped, and where its plots lie (empty for everywhere)."""

    name: str
    strata: tuple[str, ...]
    scope: str


@dataclass(frozen=True)
class DrawWish:
    """A draw: the seed (empty: to be generated), and how many, as a share or as a count; the other is None.

    ``reason`` says why the same frame is drawn once more.
    """

    seed: str
    ratio: Fraction | None
    count: int | None
    reason: str = ""


@dataclass(frozen=True)
class MakeDeeds:
    """What the steps can ask for."""

    freeze: Callable[[FrameWish], object]
    draw: Callable[[DrawWish], object]
    save_frame: Callable[[], object]
    back: Callable[[], object]


_COLUMNS: Final[tuple[Shown[_ShareRow], ...]] = (
    Shown(Column("name", "层", 180, "text", "none", sortable=False, limit=320), lambda one: one[0]),
    Shown(Column("plots", "图斑", 70, "number", "none", sortable=False), lambda one: one[1]),
    Shown(Column("share", "要抽", 70, "number", "none", sortable=False), lambda one: Cell(one[2], ink="accent")),
    Shown(Column("percent", "占这一层", 84, "number", "none", sortable=False), lambda one: one[3]),
)


def read_wanted(way: str, text: str) -> tuple[Fraction | None, int | None]:
    """How many are wanted, as share or as count.

    Raises:
        RuleError: It is no number, or none that can be drawn.
    """
    plain = text.strip().rstrip("%％").strip()
    if way == COUNT:
        if not (plain.isascii() and plain.isdigit() and int(plain)):
            raise RuleError("bad_count", f"“{text.strip()}”不是个数。", "写 1 以上的整数，例如 30。")
        return None, int(plain)
    try:
        ratio = Fraction(Decimal(plain)) / _PERCENT
    except (InvalidOperation, ValueError, OverflowError):
        ratio = Fraction(0)
    if not 0 < ratio <= 1:
        raise RuleError("bad_ratio", f"“{text.strip()}”不是比例。", "写 0 到 100 之间的数，例如 5 就是 5%。")
    return ratio, None


def count_wanted(plots: int, ratio: Fraction | None, count: int | None) -> int:
    """How many plots a share or a count asks for of so many; a share is rounded up."""
    if ratio is not None:
        return -(-plots * ratio.numerator // ratio.denominator)
    return count or 0


class SampleMaking(QWidget):
    """Step 1 at the left, step 2 at the right, waiting until the frame is frozen; step 3 is the sample's own view.

    Signal: the shares of the strata are shown anew.
    """

    counted = Signal()

    def __init__(self, context: UiContext, deeds: MakeDeeds) -> None:
        super().__init__()
        self._context, self._deeds = context, deeds
        self.info: SampleInfo | None = None
        self._compact = self._busy = False
        self._strata: tuple[StratumLine, ...] = ()
        self.steps = Steps(("封存抽样框", "摇号", "抽中的图斑"))
        self._parts = Arrangement()
        self._frame, self._lot = Sheet("1　封存抽样框"), Sheet("2　摇号")
        self._make_frame()
        self._make_lot()
        lay = QVBoxLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(10)
        lay.addWidget(self.steps)
        held = QWidget()
        inner = QVBoxLayout(held)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._parts)
        inner.addStretch(1)
        lay.addWidget(scrolling(held), 1)
        self.arrange(Shape())

    # -- parts

    def _make_frame(self) -> None:
        self.name = LineField("这次抽查叫什么", hint="例如 2023年8月抽查")
        self.ticks = {one.value: TickBox(one.label) for one in StratumField}
        for code, box in self.ticks.items():
            box.setChecked(code == StratumField.VILLAGE.value)
            box.toggled.connect(lambda _on: self._tell_strata())
        self.scope = ChoiceField("从哪里抽", (("", _EVERYWHERE),))
        self._told_strata = label("", "small", wrap=True)
        self._form = Form()
        self._form.add("name", "名称", self.name, required=True)
        ticks = row(gap=14)
        for box in self.ticks.values():
            ticks.addWidget(box)
        ticks.addStretch(1)
        self._form.add("strata", "分层", boxed(ticks))
        self._form.add("scope", "范围", self.scope)
        self.freeze_button = button("封存抽样框", "main", "lock", pressed=self._freeze)
        asking = QVBoxLayout()
        asking.setSpacing(8)
        for part in (self._form, self._told_strata, label(_PROMISE, "small", wrap=True)):
            asking.addWidget(part)
        asking.addLayout(row(self.freeze_button, button("不抽了", "link", pressed=self._deeds.back), None, gap=8))
        self._asking = boxed(asking)
        self.facts = FactGrid()
        told = QVBoxLayout()
        told.setSpacing(8)
        told.addWidget(self.facts)
        why = "摇号以前，把校验值念给在场的人记下，或印出来签字。以后谁都能用它查出框有没有动过。"
        told.addWidget(label(why, "small", wrap=True))
        told.addLayout(row(button("另存抽样框", sign="save", pressed=self._deeds.save_frame), None))
        self._frozen = boxed(told)
        for holder, lay in ((self._asking, asking), (self._frozen, told)):
            lay.setContentsMargins(0, 0, 0, 0)
            self._frame.body.addWidget(holder)
        self._frame.body.addStretch(1)
        self._tell_strata()

    def _make_lot(self) -> None:
        self._waits = label("封存以后才摇号：先定下从哪些图斑里抽，谁也不能看着结果改框。", wrap=True)
        self.way = ChoiceField("怎样定个数", ((RATIO, "按比例（%）"), (COUNT, "按个数")))
        self.wanted = LineField("抽多少", _USUAL)
        self.wanted.setFixedWidth(px(_NUMBER_WIDTH))
        self.seed = LineField("种子", hint="现场摇出的数字")
        self.seed.setMaximumWidth(px(_SEED_WIDTH))
        self._lot_form = Form()
        self._lot_form.add("wanted", "抽多少", boxed(row(self.way, self.wanted, None, gap=8)))
        self._lot_form.add("seed", "种子", self.seed, "留空就由程序随机生成一个，一样会印出来")
        self.reason = LineField("为什么再抽一次", hint="原因会印在抽查表上")
        self._lot_form.add("reason", "原因", self.reason, required=True)
        self._lot_form.set_row_visible("reason", visible=False)
        self.model: RowsModel[_ShareRow] = RowsModel(_COLUMNS, self)
        self.table = TableView("各层抽几个", self.model, self.model.columns, totals=True)
        self.draw_button = button("抽", "main", "target", pressed=self._draw)
        self._again = button("先放着", "link", pressed=self._deeds.back)
        drawing = QVBoxLayout()
        drawing.setContentsMargins(0, 0, 0, 0)
        drawing.setSpacing(8)
        drawing.addWidget(self._lot_form)
        drawing.addWidget(framed(self.table, px(_TABLE)))
        drawing.addLayout(row(self.draw_button, self._again, None, gap=8))
        self._drawing = boxed(drawing)
        self._lot.body.addWidget(self._waits)
        self._lot.body.addWidget(self._drawing)
        self._lot.body.addStretch(1)
        self.way.activated.connect(self._way_changed)
        self.wanted.textChanged.connect(lambda _text: self._count())

    def arrange(self, shape: Shape) -> None:
        """Side by side; in a narrow window one under the other, what is to be done now first."""
        self._compact = shape.compact
        if shape.compact:
            first, second = (self._frame, self._lot) if self.info is None else (self._lot, self._frame)
            self._parts.place(((first, (0, 0, 1, 1)), (second, (1, 0, 1, 1))))
        else:
            self._parts.place(((self._frame, (0, 0, 1, 1)), (self._lot, (0, 1, 1, 1))), columns=(1, 1))

    # -- what the page asks

    def show_scopes(self, scopes: Sequence[tuple[str, str]]) -> None:
        """Offer places from which one may draw: code and word of each."""
        self.scope.set_options((("", _EVERYWHERE), *scopes), self.scope.code())

    def show_new(self) -> None:
        """Begin with step 1."""
        self.info = None
        self.steps.set_now(0)
        self.arrange(Shape(compact=self._compact))
        self._asking.show()
        self._frozen.hide()
        self._waits.show()
        self._drawing.hide()

    def show_frame(self, info: SampleInfo) -> None:
        """The frame is frozen: step 2. What is typed for it already stays."""
        same = self.info is not None and self.info.id == info.id
        self.info, self._strata = info, info.strata
        self.steps.set_now(1)
        self.arrange(Shape(compact=self._compact))
        self.facts.show_facts((("名称", info.name), *sampling_view.frame_facts(info)))
        self._asking.hide()
        self._frozen.show()
        self._waits.hide()
        self._drawing.show()
        if not same:
            self._lot_form.clear_errors()
            self.seed.clear()
            self.reason.clear()
            self._lot_form.set_row_visible("reason", visible=False)
        self._count()

    def ask_reason(self) -> None:
        """The frame was drawn before with another seed: it must be said why once more."""
        self._lot_form.set_row_visible("reason", visible=True)
        self.reason.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """While it runs it cannot be asked for again."""
        self._busy = busy
        self.freeze_button.setEnabled(not busy)
        self.draw_button.setEnabled(not busy)

    def focus_first(self) -> None:
        """Where the next thing is typed."""
        (self.name if self.info is None else self.seed).setFocus()

    # -- step 1

    def _chosen_strata(self) -> tuple[StratumField, ...]:
        return tuple(one for one in StratumField if self.ticks[one.value].isChecked())

    def _tell_strata(self) -> None:
        fields = self._chosen_strata()
        joined = "、".join(one.label for one in fields)
        told = f"按{joined}分层，每一层至少抽 1 个。" if fields else "不分层：全部图斑放在一起抽。"
        self._told_strata.setText(told + "".join(rules_in_words(fields)))

    def _freeze(self) -> None:
        name = self.name.text().strip()
        self._form.show_error("name", "" if name else "还没有写名称。")
        if not name:
            self.name.setFocus()
            return
        strata = tuple(one.value for one in self._chosen_strata())
        self._deeds.freeze(FrameWish(name, strata, self.scope.code()))

    # -- step 2

    def _way_changed(self, _at: int) -> None:
        self.wanted.clear()
        self.wanted.setFocus()

    def _count(self) -> None:
        """Work out the shares beside the typing: a county has hundreds of villages."""
        info, strata = self.info, self._strata
        if info is None:
            return
        way, text = self.way.code(), self.wanted.text()

        def work(_progress: Progress) -> Mapping[str, int]:
            from gengdi_desktop.domain import sampling

            ratio, count = read_wanted(way, text)
            return sampling.shares_of(
                {one.name: one.plots or 0 for one in strata}, count_wanted(info.frame_plots, ratio, count)
            )

        self._context.jobs.run(Lane.FILES, work, self._show_shares, self._not_counted, owner=self, newest="shares")

    def _show_shares(self, shares: Mapping[str, int]) -> None:
        self._lot_form.show_error("wanted", "")
        sizes = {one.name: one.plots or 0 for one in self._strata}
        drawn = sum(shares.values())
        self.model.show_rows(sampling_view.shares_told(sizes, shares))
        self.table.set_totals(
            {"name": f"{len(sizes)} 层", "plots": words.count(sum(sizes.values())), "share": words.count(drawn)}
        )
        self.table.fit_columns()
        say(self.draw_button, f"抽出 {words.count(drawn)} 个")
        self.draw_button.setEnabled(not self._busy)
        self.counted.emit()

    def _not_counted(self, error: GengdiError) -> None:
        self._lot_form.refuse("wanted", error)
        self.model.show_rows(())
        self.table.set_totals({})
        say(self.draw_button, "抽")
        self.draw_button.setEnabled(False)

    def _draw(self) -> None:
        try:
            ratio, count = read_wanted(self.way.code(), self.wanted.text())
        except RuleError as error:
            self._not_counted(error)
            return
        self._deeds.draw(DrawWish(self.seed.text().strip(), ratio, count, self.reason.text().strip()))
