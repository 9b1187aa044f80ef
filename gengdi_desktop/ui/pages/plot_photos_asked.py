"""What the program asks of a photo, and the field for the answer: a question is never a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.ui import words
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.editing.drafts import FormDraft
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.widgets.fields import LineField
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button, column, label, mark, row
from gengdi_desktop.ui.widgets.sheet import Block

if TYPE_CHECKING:
    from gengdi_desktop.domain.photo_questions import Twin
    from gengdi_desktop.evidence.questions.service import Question


_SHOWN: Final = 3
"""So many other places of a picture have links; the sentence counts the rest."""


@dataclass(frozen=True)
class AskedDeeds:
    """What a question asks of its page: an answer was noted; lay another photo beside this one, or go to it."""

    done: Callable[[Changes], object]
    compare: Callable[[Twin], object]
    follow: Callable[[Twin], object]


class AskedBlock(Block):
    """One question; answered ones show by whom and when, and can be answered anew."""

    def __init__(self, context: UiContext, question: Question, messages: MessageSlot, deeds: AskedDeeds) -> None:
        super().__init__()
        self.question = question
        self._context, self._messages, self._done = context, messages, deeds.done
        self.setAccessibleName(f"疑问：{question.code.label}")
        sign = (
            mark("check", "land", 14) if question.answered else mark("help", "soil" if question.open else "stone", 14)
        )
        self.body.addLayout(row(sign, label(question.code.label, "value"), None, gap=6))
        self.body.addWidget(label(question.sentence, "label", "ink", wrap=True))
        for twin in question.beside[:_SHOWN]:
            beside = button(
                "并排看", "link", "columns", name=f"并排看{twin.name}", pressed=partial(deeds.compare, twin)
            )
            there = button(twin.name, "link", "right", name=f"去看{twin.name}", pressed=partial(deeds.follow, twin))
            self.body.addLayout(column(row(there, None), row(beside, None), gap=0))
        told = question.answered
        if told is not None:
            day = words.short_day(told.on, context.facts.today)
            self.body.addWidget(label(f"{told.by} {day} 说明：{told.text}", "small", wrap=True))
        self.field = LineField(f"说明：{question.code.label}", hint="写一句情况")
        self.save = button("记下", name=f"记下说明：{question.code.label}", pressed=self.answer)
        self.field.returnPressed.connect(self.answer)
        self._draft: FormDraft | None = None
        if context.writable:
            line = row(gap=8)
            line.addWidget(self.field, 1)
            line.addWidget(self.save)
            self.body.addLayout(line)
            place = f"answer:{question.plot}:{question.sha256}:{question.code.value}"
            self._draft = FormDraft(context, place, self, messages, self)
            self._draft.look()

    def leave(self) -> None:
        """Keep what is half typed."""
        if self._draft is not None:
            self._draft.leave()

    def answer(self) -> None:
        """Note the answer; one entry, one undo."""
        by = self._context.actor_or(self._messages.show_error)
        if by is None:
            return
        ledger, asked, text = self._context.ledger, self.question, self.field.text()

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.evidence.questions.service import answer

            return answer(ledger, asked.plot, asked.sha256, asked.code, text, by=by)

        def done(changes: Changes) -> None:
            if self._draft is not None:
                self._draft.saved()
            self._messages.show_message("check", "说明已记下。", "按 Ctrl+Z 可以撤销。")
            self._done(changes)

        self._context.jobs.write(work, done, self._messages.show_error, owner=self)
