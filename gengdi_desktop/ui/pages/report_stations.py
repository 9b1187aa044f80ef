"""The way of a report in four stations: draft, frozen, signed, handed in; done ticked, now open, coming grey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from gengdi_desktop.ui import words
from gengdi_desktop.ui.pages.report_fields import PaperFields
from gengdi_desktop.ui.pages.report_gaps import Gap
from gengdi_desktop.ui.pages.report_work import DraftPaper, FrozenPaper
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.message import Message
from gengdi_desktop.ui.widgets.page import scrolling
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, column, label, line, mark, row
from gengdi_desktop.ui.widgets.sheet import Block, Sheet
from gengdi_desktop.ui.widgets.steps import Station, StationState
from gengdi_desktop.ui.widgets.todo import remark_row

if TYPE_CHECKING:
    from gengdi_desktop.reports.settings import PaperSettings

_WIDE, _NARROW = 384, 332


@dataclass(frozen=True)
class StationDeeds:
    """What the stations can ask for."""

    settle: Callable[[PaperSettings], object]
    word: Callable[[], object]
    follow: Callable[[str], object]
    freeze: Callable[[], object]
    sign: Callable[[], object]
    save: Callable[[], object]
    hand_in: Callable[[], object]
    new_version: Callable[[], object]
    void: Callable[[], object]
    differ: Callable[[int | None], object]


class Stations(Sheet):
    """The pane at the right of the paper."""

    def __init__(self, deeds: StationDeeds, today: date, me: Callable[[], tuple[str, str]], *, writable: bool) -> None:
        super().__init__(pad=0)
        self._deeds, self._writable = deeds, writable
        self.setAccessibleName("报告办到哪一步")
        self._fields = PaperFields(today, me)
        self._fields.setParent(self)
        self._fields.hide()
        self._fields.settled.connect(deeds.settle)
        self._fields_shown = False
        self._next: QWidget | None = None
        self._draft = Station(1, "草稿")
        self._frozen = Station(2, "定稿")
        self._signed = Station(3, "签名")
        self._sent = Station(4, "报送", last=True)
        inside = column(self._draft, self._frozen, self._signed, self._sent, None, gap=0, margins=(16, 14, 12, 8))
        area: QScrollArea = scrolling(boxed(inside))
        area.widget().setAutoFillBackground(False)
        self.body.addWidget(area, 1)
        self._foot = QFrame()
        self._again = button("另出一版", pressed=deeds.new_version)
        self._void = button("作废这一版", "link", tone="seal", pressed=deeds.void)
        self._foot.setLayout(column(line(), row(self._void, None, self._again, gap=8, margins=(16, 8, 16, 10)), gap=0))
        self.body.addWidget(self._foot)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Less wide beside the paper of a narrow window."""
        self.setFixedWidth(px(_NARROW if narrow else _WIDE))

    def show_draft(self, paper: DraftPaper, older: int, *, needs_number: bool) -> None:
        """A draft: it can be changed in its place, and frozen when nothing is missing.

        Args:
            paper: The draft.
            older: How many versions bear its number already.
            needs_number: Whether a report of this kind bears one.
        """
        onward = self._pressed_here
        self._foot.hide()
        if not self._fields_shown:
            self._draft.set_state("now")
            self._draft.body.addWidget(self._fields)
            self._fields_shown = True
            self._fields.show()
        worded = f"文字改过 {paper.by_hand} 段，" if paper.by_hand else ""
        self._draft.note.setText(f"{worded}数字都来自台账")
        self._fields.show_settings(paper.settings, needs_number=needs_number, writable=self._writable)
        stopped = bool(paper.gaps or paper.wrong)
        count = len(paper.gaps) + bool(paper.wrong)
        version = f"定稿后是第 {older + 1} 版" if older else ""
        self._frozen.set_state("next", f"还差 {count} 件事" if stopped else version)
        for gap in paper.gaps:
            self._frozen.body.addLayout(self._gap(gap))
        if paper.wrong:
            wrong = Gap(f"有 {paper.wrong} 段文字排不进报告", "看段落下面的说明", verb="去改")
            self._frozen.body.addLayout(self._gap(wrong, self._deeds.word))
        if paper.remarks:
            self._frozen.body.addWidget(label("不挡定稿，但报告里会照实写", "label"))
            rows = column(gap=0)
            for one in paper.remarks:
                rows.addWidget(remark_row(one, self._deeds.follow))
            self._frozen.body.addLayout(rows)
        if not stopped:
            told = "定稿后编上版本、存进台账，数字不再变。台账以后怎么改，这份报告都一样。"
            self._frozen.body.addWidget(label(told, "small", wrap=True))
        freeze = button("生成报告并定稿", "main", pressed=self._deeds.freeze)
        freeze.setEnabled(self._writable and not stopped)
        freeze.setToolTip("" if freeze.isEnabled() else "先办完上面的事" if self._writable else "这本台账现在只能看")
        self._frozen.body.addLayout(row(freeze, None))
        self._signed.set_state("next", "定稿后才能签")
        self._sent.set_state("next", "签完才能报")
        self._next = freeze
        if onward:
            self.focus_next()

    @property
    def _pressed_here(self) -> bool:
        """Whether the focus is on a button that is about to be made anew; a field of the draft stays."""
        now: QWidget | None = self.window().focusWidget()
        return now is not None and self.isAncestorOf(now) and not self._fields.isAncestorOf(now)

    def focus_next(self) -> None:
        """Go to the button of the step that comes now."""
        if self._next is not None and self._next.isEnabled():
            self._next.setFocus()

    def focus_field(self, key: str) -> None:
        """Go to a field of the draft."""
        self._fields.focus_field(key)

    def _gap(self, gap: Gap, instead: Callable[[], object] | None = None) -> QHBoxLayout:
        told = column(label(gap.what, "value", "seal", wrap=True), label(gap.how, "small", wrap=True), gap=1)
        lay = row(gap=8)
        lay.addWidget(mark("stop", "seal", 14), 0, Qt.AlignmentFlag.AlignTop)
        lay.addLayout(told, 1)

        def go() -> None:
            if instead is not None:
                instead()
            elif gap.field:
                self.focus_field(gap.field)
            else:
                self._deeds.follow(gap.link)

        if gap.verb:
            lay.addWidget(button(gap.verb, "link", name=f"{gap.what}{gap.verb}", pressed=go))
        return lay

    def show_frozen(self, paper: FrozenPaper, today: date) -> None:
        """A frozen report: signatures in turn, then the hand-in."""
        info = paper.info
        onward = self._pressed_here
        self._next = self._again
        self._foot.show()
        self._void.setVisible(self._writable and not info.hand_ins and not info.is_void)
        if self._fields_shown:
            self._draft.body.removeWidget(self._fields)
            self._fields.setParent(self)
            self._fields.hide()
            self._fields_shown = False
        self._draft.set_state("done", words.day(info.day))
        self._frozen.set_state("done", f"第 {info.version} 版")
        facts = FactGrid((64, 0))
        facts.show_facts(
            (
                ("图斑", f"{words.count(info.plots)} 个，{words.mu(info.area)} 亩"),
                ("台账到", f"第 {words.count(info.head_seq)} 条记录"),
                ("主送", info.recipient),
            )
        )
        self._frozen.body.addWidget(facts)
        self._show_standing(paper, today)
        self._show_signatures(paper, today)
        self._show_hand_ins(paper, today)
        if onward:
            self.focus_next()

    def _show_standing(self, paper: FrozenPaper, today: date) -> None:
        """Whether it still counts: voided, taken the place of, or older than the ledger."""
        info = paper.info
        if info.voiding is not None:
            told = f"{words.moment(info.voiding.at, today)}　{info.voiding.by}　原因：{info.voiding.reason}"
            self._frozen.body.addWidget(Message("stop", "这一版已经作废。", told))
        elif info.superseded_by:
            self._frozen.body.addWidget(Message("info", f"这一版已由第 {info.superseded_by} 版代替。"))
        if info.supersedes is not None:
            before = button("和上一版的差别", "link", pressed=lambda: self._deeds.differ(info.supersedes))
            self._frozen.body.addLayout(row(before, None))
        if paper.changes_since and info.voiding is None:
            what = f"定稿后台账又改了 {paper.changes_since} 处，这份报告不变。"
            now = button("看差别", "link", name="看和现在的台账有什么差别", pressed=lambda: self._deeds.differ(None))
            self._frozen.body.addWidget(Message("info", what, "要报新数，请另出一版。", (now,)))

    def _show_signatures(self, paper: FrozenPaper, today: date) -> None:
        info = paper.info
        done, total = len(info.signed_by), len(info.signatures)
        if not total:
            self._signed.set_state("done", "没有设签名人")
            self._signed.body.addWidget(label("打印后手写签、盖章。", "value"))
            return
        left = total - done
        state: StationState = "done" if not left else "next" if info.is_void else "now"
        waiting = f"{done} 人签过" if info.is_void else f"{done} 人已签，还差 {left} 人"
        self._signed.set_state(state, waiting if left else "都签了")
        block = Block("sunken")
        for one in info.signatures:
            signed = one.signed_at is not None
            who = row(mark("check" if signed else "pen", "land" if signed else "ink3"), gap=8)
            when = (
                f"{words.moment(one.signed_at, today)} 已签" if one.signed_at else "没有签" if info.is_void else "等签"
            )
            who.addWidget(ElidedLabel(f"{one.role}　{one.signer}".strip(), "value"), 1)
            who.addWidget(label(when, "small", "land" if signed else "ink"))
            block.body.addLayout(who)
        if info.unsigned and not info.is_void:
            following = info.unsigned[0]
            name = following.signer or following.role
            block.body.addWidget(line())
            block.body.addWidget(label(f"请{name}坐到这台电脑前，输入自己的口令。", "small", wrap=True))
            press = button(f"由{name}签名", "main", pressed=self._deeds.sign)
            press.setEnabled(self._writable)
            self._next = press
            block.body.addLayout(row(press, None))
        self._signed.body.addWidget(block)

    def _show_hand_ins(self, paper: FrozenPaper, today: date) -> None:
        info = paper.info
        if info.is_void:
            self._sent.set_state("next", "作废了，不能报")
            return
        if info.unsigned:
            self._sent.set_state("next", "签完才能报")
            self._sent.body.addWidget(label("也可以先打印，手写签、盖章后登记。", "small", wrap=True))
            self._sent.body.addLayout(row(button("登记报送", "link", pressed=self._deeds.hand_in), None))
            return
        self._sent.set_state(
            "done" if info.hand_ins else "now", f"报过 {len(info.hand_ins)} 次" if info.hand_ins else ""
        )
        for one in info.hand_ins:
            told = f"{words.moment(one.at, today)}　{one.medium}　报{one.recipient}"
            self._sent.body.addWidget(label(told, "value", wrap=True))
            if one.receipt:
                self._sent.body.addWidget(label("回执已存", "small", "land"))
        if not info.hand_ins:
            self._sent.body.addWidget(label("写到 U 盘，或打印盖章，报后登记。", "value", wrap=True))
        save = button("写到 U 盘", "" if info.hand_ins else "main", "drive", pressed=self._deeds.save)
        record = button("登记报送", pressed=self._deeds.hand_in)
        record.setEnabled(self._writable)
        if not info.hand_ins:
            self._next = save
        self._sent.body.addLayout(row(save, record, None, gap=8))
