"""Excel under the fingers: keys and input methods of a table, turned into edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from gengdi_desktop.domain.edits import EDITS, EditRule, is_issued, why_not
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.editing.block_deeds import BlockDeeds
from gengdi_desktop.ui.editing.cell_drafts import CellDrafts, LostCell
from gengdi_desktop.ui.editing.cell_editor import CellEditor, Then
from gengdi_desktop.ui.editing.cell_values import editor_text, stored_text, typed_text
from gengdi_desktop.ui.editing.edit_panel import EditPanel
from gengdi_desktop.ui.editing.grid_places import EditableRows, GridPlaces
from gengdi_desktop.ui.editing.saving import EditSaving
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button
from gengdi_desktop.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.phases.editing.service import CellEdit
    from gengdi_desktop.ui.editing.blocks import Lines

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_HELD: Final = _CONTROL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GridEditing(QObject):
    """Belongs to a page with a table. While no cell is open it only listens to the table's keys.

    Signals: an issued fact of the current plot is to be corrected; a cell has opened (where, on the screen).

    Attributes:
        panel: To be laid out above the table.
    """

    correction_asked = Signal()
    opened = Signal(QRect)

    def __init__(
        self, context: UiContext, table: TableView, model: EditableRows, source: Lines, messages: MessageSlot
    ) -> None:
        super().__init__(table)
        self._context, self._table, self._model, self._messages = context, table, model, messages
        self._places = GridPlaces(table, model)
        self.panel = EditPanel()
        self.panel.gone.connect(table.setFocus)
        self._saving = EditSaving(context, self.panel, messages, self)
        self._saving.saved.connect(self._note_entry)
        self._saving.settled.connect(self._let_go)
        self._deeds = BlockDeeds(self._places, source, self._saving, messages, context.jobs, self)
        self._drafts = CellDrafts(context, self.panel, self._reopen, self)
        self._editor: CellEditor | None = None
        self._plot, self._key = "", ""
        self._own_entries: set[int] = set()
        self._pending: dict[tuple[str, str], str] = {}
        if context.writable:
            for half in self._places.halves:
                half.installEventFilter(self)
                half.verticalScrollBar().valueChanged.connect(self._follow)
                half.horizontalScrollBar().valueChanged.connect(self._follow)
                half.horizontalHeader().sectionResized.connect(self._follow)
            table.right.selectionModel().currentChanged.connect(self._let_compose)
            table.right.model().modelReset.connect(lambda: QTimer.singleShot(0, self, self._follow))

    # -- what the page asks

    def made(self, changes: Changes) -> bool:
        """Whether an entry came from here: rows then stay where they are, as in Excel."""
        return changes.seq in self._own_entries

    def look_for_drafts(self) -> None:
        """Offer what was typed into a cell and not saved; the page calls it once its rows are shown."""
        self._drafts.look()

    @property
    def open(self) -> bool:
        """Whether a cell is being edited."""
        return self._editor is not None

    def copy(self) -> None:
        """Put the selected block on the clipboard; also where nothing can be written."""
        self._deeds.copy()

    def menu(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        """What may be done to the selected cells: words, key, deed; nothing where the ledger cannot be written."""
        if not self._context.writable:
            return ()
        deeds = self._deeds
        key = self._places.key_at(self._places.current)
        own = (("改这一格", "F2", lambda: self._begin(None)), ("向下填充", "Ctrl+D", deeds.fill_down))
        return (
            ("粘贴", "Ctrl+V", deeds.paste),
            *(own if key in EDITS else ()),
            ("清空", "Delete", deeds.clear),
            *((("更正…", "", self.correction_asked.emit),) if is_issued(key) else ()),
        )

    def leave(self) -> None:
        """Another page comes to front: settle what is open."""
        if self._editor is not None:
            self._settle(Then.STAY)

    # -- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and input methods of the table's halves."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key_pressed(event)
        if isinstance(event, QInputMethodEvent):
            return self._composed(event)
        if isinstance(event, QInputMethodQueryEvent) and self._editor is not None and isinstance(watched, QWidget):
            return self._asked_by_input_method(self._editor, watched, event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._follow()
        elif event.type() == QEvent.Type.FocusIn:
            QTimer.singleShot(0, self, self._let_compose)  # once the view has answered the event itself
        return super().eventFilter(watched, event)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        if self._editor is not None:
            # The cell is open, but the table keeps the focus until the input method is done.
            QApplication.sendEvent(self._editor, event)
            return True
        on_plot = bool(self._model.id_of(self._places.current.row()))
        deed = self._deed_of(event) if on_plot or event.modifiers() & _CONTROL else None  # heads of groups fold
        if deed is not None:
            deed()
            return True
        text = event.text()
        typed = text and text.isprintable() and text != " " and not event.modifiers() & _HELD
        return bool(typed) and self._begin(text)

    def _deed_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key that is no letter does."""
        key, deeds = event.key(), self._deeds
        for standard, deed in (
            (QKeySequence.StandardKey.Copy, deeds.copy),
            (QKeySequence.StandardKey.Cut, self._cut),
            (QKeySequence.StandardKey.Paste, deeds.paste),
        ):
            if event.matches(standard):
                return deed
        down = -1 if event.modifiers() & _SHIFT else 1
        known: dict[int, Callable[[], object]]
        if event.modifiers() & _CONTROL:
            today = self._context.facts.today.isoformat()
            known = {
                Qt.Key.Key_D: deeds.fill_down,
                Qt.Key.Key_R: deeds.fill_right,
                Qt.Key.Key_Semicolon: lambda: self._begin(today),
                **dict.fromkeys(_ENTER, self._open_row),
            }
        else:
            known = {
                Qt.Key.Key_F2: lambda: self._begin(None),
                Qt.Key.Key_Backspace: lambda: self._begin(""),
                Qt.Key.Key_Delete: deeds.clear,
                **dict.fromkeys(_ENTER, lambda: self._places.step(down, 0)),
            }
        return known.get(key)

    def _cut(self) -> None:
        self._deeds.copy()
        self._deeds.clear()

    def _open_row(self) -> None:
        if self._table.current_row() >= 0:
            self._table.row_opened.emit(self._table.current_row())

    # -- the input method

    def _let_compose(self, *_: object) -> None:
        """The view keeps the input method out of cells that it could not edit itself; here cells are edited for it."""
        for half in self._places.halves:
            half.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)

    def _composed(self, event: QInputMethodEvent) -> bool:
        """The first letter of a composition opens the cell; the focus follows once the composition is done.

        Moving the focus before would end the composition, and its first letter would be lost.
        """
        says = bool(event.preeditString() or event.commitString())
        if self._editor is None and not (says and self._begin("", focus=False)):
            return False
        editor = self._editor
        if editor is None:
            return True  # the cell cannot be typed into, and that has been said
        QApplication.sendEvent(editor, event)
        if not event.preeditString():
            if editor.toPlainText():
                editor.setFocus()
            else:
                self._close_editor()
        return True

    @staticmethod
    def _asked_by_input_method(editor: CellEditor, view: QWidget, event: QInputMethodQueryEvent) -> bool:
        """Where the cursor is and what stands around it: the open cell knows."""
        QApplication.sendEvent(editor, event)
        moved = editor.mapTo(view.window(), QPoint()) - view.mapTo(view.window(), QPoint())
        for query in (Qt.InputMethodQuery.ImCursorRectangle, Qt.InputMethodQuery.ImAnchorRectangle):
            box = event.value(query) if event.queries() & query else None
            if isinstance(box, QRect):
                event.setValue(query, box.translated(moved))
        return True

    # -- one cell

    def _begin(self, text: str | None, *, focus: bool = True) -> bool:
        """Open the current cell; with a text that replaces what it holds, or None to go on with it."""
        index = self._places.current
        plot, key = self._model.id_of(index.row()), self._places.key_at(index)
        if not plot:
            return False
        rule = EDITS.get(key)
        if rule is None:
            correct = [button("更正…", pressed=self.correction_asked.emit)] if is_issued(key) else []
            self._messages.show_message("info", why_not(key), actions=correct)
            return True
        begun = editor_text(rule, self._stored(plot, key) or "") if text is None else text
        self._open(plot, rule, begun, focus=focus)
        return True

    def _stored(self, plot: str, key: str) -> str | None:
        """What a cell holds, as the person sees it: what is on its way counts."""
        if (plot, key) in self._pending:
            return self._pending[plot, key]
        line = self._model.line(self._model.row_of(plot))
        return None if line is None else stored_text(line, key)

    def _open(self, plot: str, rule: EditRule, text: str, *, focus: bool = True) -> None:
        self._messages.clear()
        self._plot, self._key = plot, rule.key
        row = self._model.row_of(plot)
        self._places.half_of(self._places.column_of(rule.key)).scrollTo(self._places.index(row, rule.key))
        line = self._model.line(row)
        name = f"{line.name if line is not None else ''} {rule.label}".strip()
        self._editor = CellEditor(self._table, rule, self._places.box(row, rule.key), name)
        self._editor.settled.connect(self._settle)
        self._editor.given_up.connect(self._close_editor)
        self._drafts.begin(plot, rule.key)
        self._editor.begin(text)
        self._editor.typed.connect(lambda typed: self._drafts.typed(typed, name))
        if text:
            self._drafts.typed(text, name)
        if focus:
            self._editor.setFocus()
        self.opened.emit(QRect(self._editor.mapToGlobal(QPoint()), self._editor.size()))

    def _settle(self, then: Then) -> None:
        editor = self._editor
        if editor is None:
            return
        plot, rule = self._plot, editor.rule
        try:
            text = typed_text(rule, editor.toPlainText(), self._context.facts.today)
        except RuleError as error:
            self._tell_slip(editor, error)
            return
        block = self._places.block()
        self._close_editor()
        if then is Then.FILL and block.cells > 1:
            self._deeds.fill_with(text, block)
            return
        before = self._stored(plot, rule.key)
        if text != before:
            self._save(plot, rule.key, text, before)
        if then is not Then.FILL:
            self._places.step(*then.value)

    def _tell_slip(self, editor: CellEditor, error: RuleError) -> None:
        """Under the cell while one types there; above the table once one has left it, and the old value stays."""
        if editor.hasFocus():
            editor.tell(f"{error.message}{error.hint}")
            return
        label = editor.rule.label
        self._close_editor()
        self._messages.show_message("stop", f"{label}没有改：{error.message}", error.hint)

    def _save(self, plot: str, key: str, text: str, shown: str | None) -> None:
        from gengdi_desktop.phases.editing.service import CellEdit

        self._pending[plot, key] = text
        self._show_pending()
        self._saving.put_one(CellEdit(plot, key, text, shown), self._again)

    def _again(self, edit: CellEdit) -> None:
        """Open a cell anew with what was typed."""
        self._reopen(LostCell(edit.plot, edit.key, editor_text(EDITS[edit.key], edit.text)))

    def _reopen(self, cell: LostCell) -> bool:
        """Open the cell of a plot, if plot and column are in sight."""
        row = self._model.row_of(cell.plot)
        if row < 0 or cell.key not in self._places.shown_keys():
            self._messages.show_message("info", f"您填的是“{cell.text}”。", "那一格现在不在表里，清除筛选后再填。")
            return False
        self._table.choose_row(row, self._places.column_of(cell.key))
        self._open(cell.plot, EDITS[cell.key], cell.text)
        return True

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            self._drafts.end()
            had = editor.hasFocus()
            editor.put_away()
            if had:
                self._table.setFocus()

    def _follow(self, *_: object) -> None:
        """The open cell stays with its plot when the table is scrolled or shown anew."""
        row = self._model.row_of(self._plot) if self._editor is not None else -1
        if self._editor is not None and row >= 0 and self._key in self._places.shown_keys():
            self._editor.move_to(self._places.box(row, self._key))

    # -- what is on its way

    def _note_entry(self, changes: Changes) -> None:
        if changes.seq is not None:
            self._own_entries.add(changes.seq)

    def _let_go(self, edits: Sequence[CellEdit]) -> None:
        for edit in edits:
            self._pending.pop((edit.plot, edit.key), None)
        self._show_pending()

    def _show_pending(self) -> None:
        shown = {(plot, key): editor_text(EDITS[key], text) for (plot, key), text in self._pending.items()}
        self._model.show_pending(shown)
