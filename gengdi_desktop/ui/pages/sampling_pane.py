"""Beside the drawn plots: the result of one, typed by keyboard alone; the pass share; how to draw the sample again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from gengdi_desktop.domain.choices import SpotCheckOutcome
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.phase_form import PhaseForm
from gengdi_desktop.ui.editing.drafts import FormDraft
from gengdi_desktop.ui.pages import sampling_view
from gengdi_desktop.ui.pages.sections import see_through
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.badge import flag_line
from gengdi_desktop.ui.widgets.field_walk import FieldWalk
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from gengdi_desktop.phases.sampling.records import SampledPlot, SampleInfo

_WIDE, _NARROW = 384, 340
_LABEL: Final = 76
RESULT, SHARE, RULE = "result", "share", "rule"
_TABS: Final = ((RESULT, "录结果"), (SHARE, "合格率"), (RULE, "怎样重抽"))


@dataclass(frozen=True)
class PaneDeeds:
    """What the pane can ask for; each is about the plot or the sample in front."""

    save: Callable[[], object]
    replace: Callable[[], object]
    skip: Callable[[], object]
    open: Callable[[], object]
    enlarge: Callable[[], object]
    enter: Callable[[], object]
    send_back: Callable[[], object]
    save_frame: Callable[[], object]
    draw_again: Callable[[], object]
    go_to: Callable[[str], object]


class SamplingPane(Sheet):
    """Three sides of a sample, one in front; Enter walks through the fields of a result and saves in the last."""

    def __init__(self, context: UiContext, deeds: PaneDeeds) -> None:
        super().__init__(pad=0)
        self.setAccessibleName("抽查结果")
        self._context, self._deeds = context, deeds
        self.plot: SampledPlot | None = None
        self.saving = False
        self.fields: PhaseForm | None = None
        self._draft: FormDraft | None = None
        self._group = QButtonGroup(self)
        self._stack = QStackedWidget()
        tabs = row(gap=2, margins=(8, 6, 8, 6))
        self.tabs = {}
        for at, (code, word) in enumerate(_TABS):
            tab = button(word, "tool", pressed=partial(self.show_side, code))
            tab.setCheckable(True)
            self._group.addButton(tab)
            self.tabs[code] = tab
            tabs.addWidget(tab)
            self._stack.addWidget((self._result_side, self._share_side, self._rule_side)[at]())
        tabs.addStretch(1)
        self.tabs[RESULT].setChecked(True)
        self.body.setSpacing(0)
        self.body.addLayout(tabs)
        self.body.addWidget(line())
        self.body.addWidget(self._stack, 1)
        self.set_narrow(narrow=False)

    # -- parts

    def _result_side(self) -> QWidget:
        self._name = label("", "section", wrap=True)
        self._open = button("打开图斑", "link", "right", pressed=self._deeds.open)
        self._flag = QVBoxLayout()
        self._about = label("", "small", "ink2", wrap=True)
        self._offer = MessageSlot()
        self._place = QVBoxLayout()
        self.messages = MessageSlot()
        self._save = button("记下，下一个", "main", key="Ctrl+Enter", pressed=self._deeds.save)
        self._skip = button("跳过", key="F6", pressed=self._deeds.skip)
        self._replace = button("换一个", "link", pressed=self._deeds.replace)
        head = row(gap=8)
        head.addWidget(self._name, 1)
        head.addWidget(self._open)
        inner = column(
            head, self._flag, self._about, line(), self._offer, self._place, None, gap=6, margins=(12, 8, 12, 8)
        )
        held = QWidget()
        held.setLayout(inner)
        self._area = see_through(held)
        self._walk = FieldWalk(self, self._fields_now, self._area, self._deeds.save)
        self._foot = QWidget()
        self._foot.setLayout(row(self._save, self._skip, None, self._replace, gap=8, margins=(12, 8, 12, 10)))
        side = QWidget()
        lay = column(self._area, gap=0)
        lay.setStretch(0, 1)
        lay.addLayout(column(self.messages, gap=0, margins=(12, 0, 12, 0)))
        lay.addWidget(line("rule"))
        lay.addWidget(self._foot)
        side.setLayout(lay)
        return side

    def _share_side(self) -> QWidget:
        self._share = label("", wrap=True)
        self._limit = label("", wrap=True)
        self._next = QVBoxLayout()
        self._next.setSpacing(8)
        self._strata = FactGrid((120, 0))
        held = QWidget()
        held.setLayout(
            column(self._share, self._limit, self._next, label("各层", "label"), self._strata, None, gap=10,
                   margins=(12, 10, 12, 10))
        )  # fmt: skip
        return see_through(held)

    def _rule_side(self) -> QWidget:
        self._facts = FactGrid((76, 0))
        self._steps = QVBoxLayout()
        self._steps.setSpacing(8)
        why = label("不信程序也能核：拿着抽样框和种子，用任何算 SHA-256 的工具都能抽出同样的图斑。", wrap=True)
        again = button("现在重抽一遍", sign="target", pressed=self._deeds.draw_again)
        frame = button("另存抽样框", sign="save", pressed=self._deeds.save_frame)
        held = QWidget()
        held.setLayout(
            column(
                why, self._facts, self._steps, row(again, frame, None, gap=8), None, gap=10, margins=(12, 10, 12, 10)
            )
        )
        return see_through(held)

    def set_narrow(self, *, narrow: bool) -> None:
        """In a narrow window it leaves more to the table."""
        self.setFixedWidth(px(_NARROW if narrow else _WIDE))

    def show_side(self, code: str) -> None:
        """Bring a side to front."""
        self.tabs[code].setChecked(True)
        self._stack.setCurrentIndex([one for one, _word in _TABS].index(code))

    # -- the sample

    def show_sample(self, info: SampleInfo, more: tuple[str, ...]) -> None:
        """Show what the sample says as a whole; *more* is how strata are formed."""
        self._share.setText(sampling_view.share_words(info))
        self._limit.setText(sampling_view.limit_words(info))
        self._show_next(info)
        self._strata.show_facts(
            [
                (one.name, f"抽 {one.share}，查 {one.checked}" + (f"，不合格 {one.failed}" if one.failed else ""))
                for one in info.strata
            ]
        )
        source = f"{info.seed}（{info.seed_source.label}）" if info.seed_source else info.seed
        facts = (("种子", source), ("要抽", info.wanted), ("抽签日期", words.day(info.drawn_on)))
        self._facts.show_facts((*facts, *sampling_view.frame_facts(info)))
        clear(self._steps)
        for sentence in sampling_view.rule_of(info, more):
            self._steps.addWidget(label(sentence, "value", "ink", wrap=True))

    def _show_next(self, info: SampleInfo) -> None:
        """What follows from the results, each with its one button."""
        clear(self._next)
        due, deeds = info.enlargement, self._deeds
        found: list[tuple[str, str, Callable[[], object]]] = []
        if due is not None and due.count:
            found.append(("不合格超过限度", f"扩大到 {words.count(due.count)} 个", deeds.enlarge))
        if info.enlarged_by is not None:
            found.append(("已经扩大抽查", "去扩大后的", partial(deeds.go_to, info.enlarged_by)))
        if info.not_entered:
            found.append((f"{words.count(len(info.not_entered))} 个结果还没有入账", "结果入账", deeds.enter))
        if info.to_send_back:
            found.append((f"{words.count(len(info.to_send_back))} 个不合格的还没有退回", "退回", deeds.send_back))
        for what, verb, deed in found:
            told = row(gap=8)
            told.addWidget(mark("warn", "soil", 14))
            told.addWidget(label(what, "value", "ink", wrap=True), 1)
            press = button(verb, name=f"{what}，{verb}", pressed=deed)
            press.setEnabled(self._context.writable)
            told.addWidget(press)
            self._next.addLayout(told)
            self._next.addWidget(line())

    # -- one plot

    def show_nothing(self) -> None:
        """No plot is in front."""
        self.plot = None
        self._drop_form()
        self._show_parts(shown=False)

    def show_plot(
        self, sample: str, one: SampledPlot, typed: Mapping[str, str] | None, kept: Mapping[str, str]
    ) -> None:
        """Show a drawn plot with its result, or a form for it.

        Args:
            sample: The sample, for what is typed and not saved.
            one: The plot.
            typed: What was begun before.
            kept: What the plot before had: day and people.
        """
        if self.plot == one and self.fields is not None:
            return
        self.plot = one
        self._show_parts(shown=True)
        self._name.setText(one.name)
        clear(self._flag)
        self._flag.addLayout(flag_line(sampling_view.flag_of(one)))
        about = [f"{one.stratum} 第 {one.place} 个", one.role.label, one.kind, f"申报 {words.mu(one.area)} 亩"]
        if one.replaced:
            about.append(f"换下的原因：{one.reason}")
        if one.photos:
            about.append(f"抽查照片 {one.photos} 份")
        self._about.setText("　".join(filter(None, about)))
        self._drop_form()
        for press in (self._save, self._replace, self._skip):
            press.setVisible(not one.replaced)
        self._replace.setVisible(not one.replaced and one.result is None)
        if not one.replaced:
            self._build(sample, one, typed, kept)

    def _build(self, sample: str, one: SampledPlot, typed: Mapping[str, str] | None, kept: Mapping[str, str]) -> None:
        form = PhaseForm(
            sampling_view.RESULT_FIELDS, self._context.facts.today, self._context.prompts, _LABEL, ticks=True
        )
        self.fields = form
        self._place.addWidget(form)
        form.show()
        form.fill(sampling_view.typed_of(one.result) if one.result is not None else kept)
        if typed:
            form.put_back(typed)
        for field in form.fields:
            field.setEnabled(self._context.writable)
        self._walk.watch(form.fields)
        self._save.setEnabled(self._context.writable and not self.saving)
        self._replace.setEnabled(self._context.writable)
        self._draft = FormDraft(self._context, f"sample:{sample}:{one.plot}", form, self._offer, form)
        if typed is None:
            self._draft.look()

    def _show_parts(self, *, shown: bool) -> None:
        for one in (self._area, self._foot):
            one.setVisible(shown)

    def _drop_form(self) -> None:
        self.put_down()
        self._draft = None
        self._offer.clear()
        self.messages.clear()
        clear(self._place)
        self.fields = None

    # -- what is typed

    def kept(self) -> tuple[str, dict[str, str]] | None:
        """The plot in front and what is typed for it, where it is more than what it came with."""
        if self.plot is None or self.fields is None:
            return None
        typed = self.fields.typed()
        begun = any(typed.get(key) for key in ("outcome", "measured_area", "finding"))
        return (self.plot.plot, typed) if begun and self.plot.result is None else None

    def values(self) -> dict[str, str]:
        """What was typed, read.

        Raises:
            RuleError: A field holds what it cannot hold, or lacks what it must have; told under it.
        """
        form = self.fields
        if form is None:
            raise RuleError("nothing", "没有要记的图斑。", "")
        values = form.values()
        missing = [one for one in sampling_view.RESULT_FIELDS if one.required and not values.get(one.key)]
        if values.get("outcome") == SpotCheckOutcome.FAILED.value and not values.get("finding"):
            missing.append(next(one for one in sampling_view.RESULT_FIELDS if one.key == "finding"))
        if missing:
            form.show_refusals([Refusal("missing", f"还没有填{one.label}", one.key) for one in missing])
            self._walk.to(form.wrong)
            raise RuleError("missing", "还有几项没填。", "")
        return values

    def saved(self) -> None:
        """What was typed is in the ledger now."""
        if self._draft is not None:
            self._draft.saved()
            self._draft = None
        self._drop_form()
        self.plot = None

    def put_down(self) -> None:
        """Keep what is typed without waiting: the page is left, or the window closes."""
        if self._draft is not None:
            self._draft.leave()

    def set_saving(self, *, saving: bool) -> None:
        """While it runs it cannot be asked for again."""
        self.saving = saving
        self._save.setEnabled(not saving)

    def focus_first(self) -> None:
        """Into the first field."""
        for one in self._walk.open[:1]:
            one.setFocus(Qt.FocusReason.TabFocusReason)

    def _fields_now(self) -> tuple[QWidget, ...]:
        return self.fields.fields if self.fields is not None else ()
