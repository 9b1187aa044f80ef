"""The form of an action, built from the action table: what must be given first, the rest one press away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from gengdi_desktop.domain.actions import FieldKind, FieldRule
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.outcomes import Refusal
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui import prompts, words
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.theme import px
from gengdi_desktop.ui.widgets.fields import DATE_WIDTH, AreaField, ChoiceField, DateField, LineField, NoteField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.parts import boxed, button, label, row, say
from gengdi_desktop.ui.widgets.tick_field import MOST, TickField

_LONG: Final = frozenset({"measure", "plan_text", "statement", "text", "note"})
_YES_NO: Final = (("yes", "是"), ("no", "否"))
LABEL_WIDTH: Final = 140
"""Room for the longest label of the action table in one line."""
_CHOICE_WIDTH: Final = 260
"""A choice up to here stands as wide as its words; beyond it takes the room of a line."""
LINE_WIDTH: Final = 480
"""How long a line of text may grow in a wide sheet."""
_FEW_HIDDEN: Final = 2
_GROUP: Final = 3


class PhaseForm(QWidget):
    """Fields by key; :meth:`values` gives texts as the services read them."""

    def __init__(
        self,
        fields: Iterable[FieldRule],
        today: date,
        given: Prompts,
        label_width: int = LABEL_WIDTH,
        *,
        ticks: bool = False,
    ) -> None:
        """Build the fields.

        Args:
            fields: What is to be given, in this order.
            today: For days that are typed short.
            given: Asks for files.
            label_width: At text scale 1.
            ticks: Choices are rows of boxes, as on a printed sheet.
        """
        super().__init__()
        self._today, self._prompts, self._ticks = today, given, ticks
        self._rules = {rule.key: rule for rule in fields}
        self._form = Form(label_width)
        self._folded: list[str] = []
        lay = QVBoxLayout(self)
        lay.setContentsMargins(0, 0, 0, 0)
        lay.setSpacing(6)
        lay.addWidget(self._form)
        repeated = {
            needs for needs, times in Counter(rule.needs for rule in self._rules.values()).items() if times >= _GROUP
        }
        said: set[str] = {""}
        for rule in self._rules.values():
            field = self._field(rule)
            note = "亩" if rule.kind is FieldKind.AREA else ""
            if rule.needs not in repeated:
                note = "，".join(filter(None, (note, rule.needs)))
            elif rule.needs not in said:
                # What holds for a whole group is said once, above it.
                said.add(rule.needs)
                self._form.add_line(label(rule.needs, "small", wrap=True))
            self._form.add(rule.key, rule.label, field, note, required=rule.required)
            if not rule.required and not rule.needs:
                self._folded.append(rule.key)
        self._more = button("", "link", "down", pressed=self._unfold)
        lay.addLayout(row(self._more, None))
        self._fold()

    @property
    def first(self) -> QWidget | None:
        """The first thing to type."""
        return self._form.field(next(iter(self._rules))) if self._rules else None

    def fill(self, values: Mapping[str, str]) -> None:
        """Begin with what is known; fields that hold something are shown."""
        for key, text in values.items():
            rule = self._rules.get(key)
            if rule is None or not text:
                continue
            field = self._form.field(key)
            if isinstance(field, QComboBox) and isinstance(field, ChoiceField):
                field.choose(text)
            elif isinstance(field, QPlainTextEdit):
                field.setPlainText(text)
            elif isinstance(field, QLineEdit):
                field.setText(_shown(rule, text))
            if key in self._folded:
                self._folded.remove(key)
                self._form.set_row_visible(key, visible=True)
        self._fold()

    def values(self) -> dict[str, str]:
        """What was typed, as texts; empty fields are left out. Areas and days are read, so that a slip shows here.

        Raises:
            RuleError: A field holds what it cannot hold; its sentence stands under the field as well.
        """
        self._form.clear_errors()
        found: dict[str, str] = {}
        first: RuleError | None = None
        for key in self._rules:
            try:
                text = self._read(key)
            except RuleError as error:
                self._form.refuse(key, error)
                first = first or error
                continue
            if text:
                found[key] = text
        if first is not None:
            raise first
        return found

    def unfold(self, keys: Iterable[str]) -> None:
        """Show fields that this plot cannot do without."""
        for key in set(keys) & set(self._folded):
            self._folded.remove(key)
            self._form.set_row_visible(key, visible=True)
        self._fold()

    def typed(self) -> dict[str, str]:
        """What stands in the fields, as it stands: for putting it back later, also where it is not right yet."""
        return {key: text for key in self._rules if (text := self._raw(key))}

    def as_typed(self, values: Mapping[str, str]) -> dict[str, str]:
        """Stored values as they would be typed."""
        return {key: _shown(rule, text) for key, text in values.items() if (rule := self._rules.get(key)) is not None}

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Show again what :meth:`typed` gave."""
        for key in self._rules:
            text = typed.get(key, "")
            field = self._inner(key)
            if isinstance(field, ChoiceField):
                field.choose(text)
            elif isinstance(field, QPlainTextEdit):
                field.setPlainText(text)
            elif isinstance(field, QLineEdit):
                field.setText(text)
            if text and key in self._folded:
                self._folded.remove(key)
                self._form.set_row_visible(key, visible=True)
        self._fold()

    def copyable(self) -> frozenset[str]:
        """The fields that neighbouring plots have in common: areas and private ones are each plot's own."""
        own = {key for key, rule in self._rules.items() if rule.kind is FieldKind.AREA or rule.private or rule.own}
        return frozenset(self._rules) - own - {"file"}

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """The controls in the order of the form, hidden ones too."""
        return tuple(self._inner(key) for key in self._rules)

    @property
    def wrong(self) -> QWidget | None:
        """The first field whose error is told."""
        return next((self._inner(key) for key in self._rules if self._form.has_error(key)), None)

    def show_refusals(self, reasons: Iterable[Refusal]) -> list[str]:
        """Say under the fields what is missing; returns what belongs to no field."""
        self._form.clear_errors()
        rest = []
        for one in reasons:
            if one.field in self._rules:
                self._form.set_row_visible(one.field, visible=True)
                self._form.show_error(one.field, f"{one.message}。")
            else:
                rest.append(one.message)
        return rest

    def _inner(self, key: str) -> QWidget:
        """The control that holds the value; a file's stands beside its button."""
        field = self._form.field(key)
        held = field if isinstance(field, QComboBox | QPlainTextEdit | QLineEdit) else field.findChild(LineField)
        return held if isinstance(held, QWidget) else field

    def _raw(self, key: str) -> str:
        field = self._inner(key)
        if isinstance(field, ChoiceField):
            return field.code()
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText()
        return field.text() if isinstance(field, QLineEdit) else ""

    def _read(self, key: str) -> str:
        field = self._form.field(key)
        if isinstance(field, DateField):
            day = field.day()
            return day.isoformat() if day else ""
        if isinstance(field, AreaField):
            area = field.area()
            return area.exact() if area is not None else ""
        if isinstance(field, ChoiceField):
            return field.code()
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText().strip()
        if isinstance(field, QLineEdit):
            return field.text().strip()
        inner = field.findChild(LineField)
        return inner.text().strip() if inner is not None else ""

    def _field(self, rule: FieldRule) -> QWidget:
        if rule.kind is FieldKind.DATE:
            return DateField(rule.label, self._today, self._today if rule.key == "date" and rule.required else None)
        if rule.kind is FieldKind.AREA:
            return AreaField(rule.label)
        if rule.kind in (FieldKind.CHOICE, FieldKind.FLAG):
            return self._choice_field(rule)
        if rule.key == "file":
            return self._file_field(rule)
        if rule.key in _LONG:
            return NoteField(rule.label, lines=2)
        line = LineField(rule.label)
        line.setMaximumWidth(px(LINE_WIDTH))
        return line

    def _choice_field(self, rule: FieldRule) -> QWidget:
        asks = rule.required or rule.kind is FieldKind.CHOICE
        choices = _YES_NO if rule.kind is FieldKind.FLAG else rule.choices
        if self._ticks and len(choices) <= MOST:
            return TickField(rule.label, (("", ""), *choices))
        return _as_wide_as_its_words(ChoiceField(rule.label, (("", "请选择" if asks else ""), *choices)))

    def _file_field(self, rule: FieldRule) -> QWidget:
        shown = LineField(rule.label, hint="照片或扫描件")
        shown.setReadOnly(True)

        def pick() -> None:
            chosen: Path | None = self._prompts.open_file("选照片或材料", prompts.ANY)
            if chosen is not None:
                shown.setText(str(chosen))

        lay = row(gap=8)
        lay.addWidget(shown, 1)
        lay.addWidget(button("选文件", pressed=pick))
        return boxed(lay)

    def _fold(self) -> None:
        hidden = self._folded if len(self._folded) > _FEW_HIDDEN else []
        for key in self._folded:
            self._form.set_row_visible(key, visible=not hidden)
        say(self._more, f"还有 {len(hidden)} 项可以填")
        self._more.setVisible(bool(hidden))

    def _unfold(self) -> None:
        for key in self._folded:
            self._form.set_row_visible(key, visible=True)
        self._folded = []
        self._more.hide()


def _as_wide_as_its_words(field: ChoiceField) -> ChoiceField:
    field.ensurePolished()
    wanted = max(field.sizeHint().width(), px(DATE_WIDTH))
    if wanted <= px(_CHOICE_WIDTH):
        field.setFixedWidth(wanted)
    return field


def _shown(rule: FieldRule, text: str) -> str:
    if rule.kind is FieldKind.DATE:
        day = date.fromisoformat(text) if text[4:5] == "-" else None
        return words.day(day) if day else text
    if rule.kind is FieldKind.AREA:
        return Area.parse(text).display()
    return text
