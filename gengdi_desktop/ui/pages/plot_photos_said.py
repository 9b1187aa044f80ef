"""What a person says of a photo whose file is silent: time, place, direction, and why; marked wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.compass import WHOLE_TURN, direction_words
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.records import BY_HAND, Saying
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.editing.drafts import FormDraft
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.photo_lines import PhotoLine
from gengdi_desktop.ui.widgets.fields import ChoiceField, DateField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button, label, row
from gengdi_desktop.ui.widgets.sheet import Block

if TYPE_CHECKING:
    from gengdi_desktop.geo.coordinates import Reading

_EIGHTH: Final = WHOLE_TURN // 8
_LABELS: Final = 56
_NO_TIME: Final = time(0, 0)


class SayForm(Block):
    """Fields left empty leave what the file says."""

    def __init__(
        self, context: UiContext, line: PhotoLine, messages: MessageSlot, done: Callable[[Changes], object]
    ) -> None:
        super().__init__()
        self.setAccessibleName(BY_HAND)
        self._context, self._line, self._messages, self._done = context, line, messages, done
        self.day = DateField("拍摄日期", context.facts.today)
        self.clock = LineField("几点几分", hint="9:30")
        self.place = LineField("位置", hint="116.3512, 28.3733")
        ways = (("", "不填"), *((str(at), direction_words(at)) for at in range(0, WHOLE_TURN, _EIGHTH)))
        self.direction = ChoiceField("朝向", ways)
        self.reason = LineField("原因", hint="原图已删，照现场记录填")
        self.form = Form(_LABELS)
        self.form.add("day", "拍摄日期", self.day)
        self.form.add("clock", "几点几分", self.clock)
        self.form.add("place", "位置", self.place)
        self.form.add("direction", "朝向", self.direction)
        self.form.add("reason", "原因", self.reason, required=True)
        self.body.addWidget(label(BY_HAND, "section"))
        self.body.addWidget(label("照片里没有的，可以照实填上；哪里看它都标明人工录入。", "small", wrap=True))
        self.body.addWidget(self.form)
        self.save = button("记下", pressed=self.say)
        self.body.addLayout(row(None, self.save))
        self._fill()
        self._draft = FormDraft(context, f"photo:{line.sha256}", self.form, messages, self)
        self._draft.look()

    def leave(self) -> None:
        """Keep what is half typed."""
        self._draft.leave()

    def say(self) -> None:
        """Say it; what cannot be read is told under its field."""
        self.form.clear_errors()
        by = self._context.actor_or(self._messages.show_error)
        saying = self._read()
        reason = self.reason.text().strip()
        if not reason:
            self.form.show_error("reason", "请写明原因，例如原图已删。")
        if saying is None or not reason or by is None:
            return
        ledger, sha256 = self._context.ledger, self._line.sha256

        def work(_progress: Progress) -> Changes:
            from gengdi_desktop.evidence import sayings

            return sayings.say(ledger, sha256, saying, reason=reason, by=by)

        def done(changes: Changes) -> None:
            self._draft.saved()
            self._messages.show_message("check", "已记下，并标明人工录入。", "按 Ctrl+Z 可以撤销。")
            self._done(changes)

        self._context.jobs.write(work, done, self._messages.show_error, owner=self)

    def _fill(self) -> None:
        known = self._line.known
        if known is None:
            return
        said = known.said
        if said.at is not None:
            self.day.set_day(said.at.date())
            self.clock.setText(f"{said.at:%H:%M}")
        if said.longitude is not None and said.latitude is not None:
            self.place.setText(f"{said.longitude / 10**9:.6f}, {said.latitude / 10**9:.6f}")
        if said.direction is not None:
            self.direction.choose(str(said.direction // _EIGHTH * _EIGHTH))
        self.reason.setText(known.reason)

    def _read(self) -> Saying | None:
        """What is typed; None where something cannot be read, or nothing is there."""
        right = True
        at = None
        try:
            day = self.day.day()
            if day is not None:
                at = datetime.combine(day, _clock_time(self.clock.text()))
            elif self.clock.text().strip():
                self.form.show_error("day", "填了几点几分，还要填日期。")
                right = False
        except RuleError as error:
            self.form.refuse("day" if error.code == "bad_date" else "clock", error)
            right = False
        place = self._place() if self.place.text().strip() else None
        if place is not None and place.point is None:
            told = place.problem[1] if place.problem else "这不是坐标"
            self.form.show_error("place", f"{told}。可以写成 116.3512, 28.3733。")
            right = False
        direction = int(self.direction.code()) if self.direction.code() else None
        point = place.point if place is not None else None
        if right and at is None and point is None and direction is None:
            self.form.show_error("day", "时间、位置、朝向至少填一样。")
            right = False
        longitude, latitude = (point.longitude, point.latitude) if point is not None else (None, None)
        return Saying(at, longitude, latitude, direction) if right else None

    def _place(self) -> Reading:
        from gengdi_desktop.geo.coordinates import read_coordinate_text

        return read_coordinate_text(self.place.text())


def _clock_time(text: str) -> time:
    """The time of the day that was typed: ``9:30``, ``09：30``; midnight where nothing was.

    Raises:
        RuleError: ``bad_time``.
    """
    plain = text.strip().replace("：", ":").replace("点", ":").rstrip("分:")
    if not plain:
        return _NO_TIME
    hour, _, minute = plain.partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise RuleError("bad_time", f"“{text.strip()}”不是几点几分。", "可以写成 9:30。") from error
