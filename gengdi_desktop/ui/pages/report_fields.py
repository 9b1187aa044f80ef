"""With what a report is sent, edited in its place: number, recipient, date, signers, and the rest one press away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import DateField, LineField, on_leaving
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.parts import button, clear, column, label, row

if TYPE_CHECKING:
    from gengdi_desktop.reports.settings import PaperSettings

_LABEL: Final = 56
_FIRST: Final = (("number", "文号", "例如 白府函〔2023〕12号"), ("recipient", "主送", ""))
_MORE: Final = (
    ("number_prefix", "机关代字", "例如 白府函，下次自动编号"),
    ("copy_to", "抄送", ""),
    ("issued_by", "签发人", ""),
    ("contact", "联系人", ""),
    ("contact_phone", "联系电话", "办公电话"),
    ("organ", "署名机关", "不写就是本单位"),
)


class PaperFields(QWidget):
    """Tells ``settled`` with the new settings each time a field is left changed."""

    settled = Signal(object)

    def __init__(self, today: date, me: Callable[[], tuple[str, str]]) -> None:
        """Make it; *me* tells role and name of who acts: most papers are signed first by who writes them."""
        super().__init__()
        self._today, self._me = today, me
        self._settings: PaperSettings | None = None
        self._texts: dict[str, LineField] = {}
        self._signers: list[tuple[LineField, LineField]] = []
        self._form, self._rest = Form(_LABEL), Form(_LABEL)
        for form, fields in ((self._form, _FIRST), (self._rest, _MORE)):
            for key, name, hint in fields:
                self._add_text(form, key, name, hint)
        self._day = DateField("成文日期", today)
        on_leaving(self._day, self._tell)
        self._form.add("day", "成文日期", self._day)
        self._people = QVBoxLayout()
        self._people.setSpacing(4)
        more = button("加一个签名人", "link", "plus", pressed=self._add_signer)
        signers = column(self._people, row(more, None), gap=2)
        head = row(gap=8)
        tag = label("签名人", "label")
        tag.setFixedWidth(px(_LABEL))
        tag.setMinimumHeight(px(30))
        head.addWidget(tag, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(signers, 1)
        self._fold = button("抄送、签发人、联系人", "link", "down", pressed=self._unfold)
        self._rest.hide()
        self.setLayout(column(self._form, head, row(self._fold, None), self._rest, gap=6))

    def show_settings(self, settings: PaperSettings, *, needs_number: bool, writable: bool) -> None:
        """Show other settings; a field in which somebody is typing stays as it is."""
        self._settings = settings
        for key, field in self._texts.items():
            if not field.hasFocus():
                field.setText(str(getattr(settings, key)))
                field.setCursorPosition(0)
            field.setReadOnly(not writable)
        for form, key in ((self._form, "number"), (self._rest, "number_prefix")):
            form.set_row_visible(key, visible=needs_number)
        if not self._day.hasFocus():
            self._day.setText("")
            if settings.day is not None:
                self._day.set_day(settings.day)
        self._day.setReadOnly(not writable)
        shown = [(role.text().strip(), name.text().strip()) for role, name in self._signers]
        if shown != [(one.role, one.name) for one in settings.signers]:
            self._show_signers([(one.role, one.name) for one in settings.signers])

    def focus_field(self, key: str) -> None:
        """Go to a field, unfolding it where it is folded."""
        if key in dict.fromkeys(one for one, *_ in _MORE) and self._rest.isHidden():
            self._unfold()
        field = self._day if key == "day" else self._texts[key]
        field.setFocus()
        field.selectAll()

    def _add_text(self, form: Form, key: str, name: str, hint: str) -> None:
        field = LineField(name, hint=hint)
        on_leaving(field, self._tell)
        form.add(key, name, field)
        self._texts[key] = field

    def _unfold(self) -> None:
        self._rest.setVisible(self._rest.isHidden())

    # -- signers

    def _show_signers(self, people: list[tuple[str, str]]) -> None:
        clear(self._people)
        self._signers = []
        for at, (role, name) in enumerate(people):
            fields = (LineField(f"第 {at + 1} 个签名人的身份", role, hint="身份"),
                      LineField(f"第 {at + 1} 个签名人的姓名", name, hint="姓名"))  # fmt: skip
            for one in fields:
                one.setCursorPosition(0)
                one.setMinimumWidth(0)
                on_leaving(one, self._tell)
            gone = button("", "tool", "cross", name=f"去掉{role}{name}", pressed=partial(self._drop_signer, at))
            line = row(gap=4)
            line.addWidget(fields[0], 5)
            line.addWidget(fields[1], 4)
            line.addWidget(gone)
            self._people.addLayout(line)
            self._signers.append(fields)
        if not people:
            self._people.addWidget(label("不设，打印后手写签", "value"))

    def _add_signer(self) -> None:
        people = [(role.text().strip(), name.text().strip()) for role, name in self._signers]
        me = self._me()
        proposed = ("", "") if any(name == me[1] for _, name in people) else me
        self._show_signers([*people, proposed])
        self._signers[-1][0].setFocus()
        self._tell()

    def _drop_signer(self, at: int) -> None:
        people = [(role.text().strip(), name.text().strip()) for role, name in self._signers]
        self._show_signers(people[:at] + people[at + 1 :])
        self._tell()

    # -- telling

    def _tell(self) -> None:
        from gengdi_desktop.reports.settings import PaperSigner

        if self._settings is None:
            return
        self._form.clear_errors()
        try:
            day = self._day.day()
        except RuleError as error:
            self._form.refuse("day", error)
            return
        people = [(role.text().strip(), name.text().strip()) for role, name in self._signers]
        texts: dict[str, Any] = {key: field.text().strip() for key, field in self._texts.items()}
        signers = tuple(PaperSigner(role, name) for role, name in people if role)
        made = replace(self._settings, **texts, day=day, signers=signers)
        if made != self._settings:
            self._settings = made
            self.settled.emit(made)
