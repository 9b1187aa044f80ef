"""What is done to whole blocks of cells: empty them, fill them, copy them out, paste into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from gengdi_desktop.domain.edits import EDITS, why_not
from gengdi_desktop.ui.editing.blocks import Block, Gathered, Put, Unfit, block_texts, gather, pasted, repeated
from gengdi_desktop.ui.editing.cell_values import stored_text
from gengdi_desktop.ui.editing.clipboard_table import fill_clipboard, read_clipboard
from gengdi_desktop.ui.editing.grid_places import GridPlaces
from gengdi_desktop.ui.editing.saving import EditSaving
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.widgets.message import MessageSlot

if TYPE_CHECKING:
    from gengdi_desktop.ui.editing.blocks import Lines

_COPY_LIMIT: Final = 200_000


class BlockDeeds(QObject):
    """Reads lines in a lane where they are not in sight, and hands edits over to be saved."""

    def __init__(
        self,
        places: GridPlaces,
        source: Lines,
        saving: EditSaving,
        messages: MessageSlot,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._places, self._source, self._saving = places, source, saving
        self._messages, self._jobs = messages, jobs

    def clear(self) -> None:
        """Empty the selected cells; columns that cannot be typed into are passed over where others can."""
        block = self._places.block()
        keys = [key for key in block.keys if key in EDITS]
        if keys:
            self._put([Put(row, key, "") for row in block.rows for key in keys], "清空")
        else:
            self._messages.show_message("info", why_not(block.keys[0]) if block.keys else "请先选中要清空的格子。")

    def fill_with(self, text: str, block: Block) -> None:
        """Put one text into every cell of a block that can be typed into."""
        self._put([Put(row, key, text) for row in block.rows for key in block.keys if key in EDITS], "填充")

    def fill_down(self) -> None:
        """The first row of the block into the others; the row above into a single one."""
        block = self._places.block()
        keys = [key for key in block.keys if key in EDITS]
        first = block.rows.start - 1 if len(block.rows) == 1 else block.rows.start
        if not keys or first < 0:
            self._messages.show_message("info", why_not(block.keys[0]) if block.keys else "上面没有可以往下填的格子。")
            return
        source, plots = self._source, self._places.plots(range(first, block.rows.stop))
        if first not in plots:
            self._messages.show_message("info", "上面没有可以往下填的格子。")
            return

        def puts() -> list[Put]:
            line = source.lines([plots[first]])[0]
            told = [(key, stored_text(line, key) or "") for key in keys]
            return repeated(told, [row for row in block.rows if row != first])

        self._saving.put_many(lambda: self._gathered(puts(), plots), "填充")

    def fill_right(self) -> None:
        """The first column of the block into the others."""
        block, source = self._places.block(), self._source
        plots = self._places.plots(block.rows)
        if len(block.keys) <= 1:
            return

        def puts() -> list[Put]:
            lines = {line.id: line for line in source.lines(list(plots.values()))}
            return [
                Put(row, key, stored_text(lines[plot], block.keys[0]) or "")
                for row, plot in plots.items()
                if plot in lines
                for key in block.keys[1:]
            ]

        self._saving.put_many(lambda: self._gathered(puts(), plots), "填充")

    def copy(self) -> None:
        """Put the block on the clipboard; lines that are not in sight are read first."""
        block = self._places.block()
        if not block.cells:
            return
        if block.cells > _COPY_LIMIT:
            self._messages.show_message("warn", "选中的太多，没有复制。", "请少选一些，或者用导出。")
            return
        model, plots = self._places.model, self._places.plots(block.rows)
        here = {row: line for row in plots if (line := model.line(row)) is not None}
        if len(here) == len(plots):
            _offer(block_texts(block, here, self._places.shown))
            return
        source = self._source

        def work(_progress: object) -> list[list[str]]:
            found = {line.id: line for line in source.lines(list(plots.values()))}
            lines = {row: found[plot] for row, plot in plots.items() if plot in found}
            return block_texts(block, lines, lambda _row, _key: "")

        self._jobs.read(work, _offer, self._messages.show_error, owner=self)

    def paste(self) -> None:
        """Put the block on the clipboard into the table."""
        rows = read_clipboard(QGuiApplication.clipboard().mimeData())
        block = self._places.block()
        if not rows or not block.cells:
            self._messages.show_message("info", "剪贴板里没有可以粘贴的文字。")
            return
        puts, unfit = pasted(rows, block, self._places.shown_keys(), self._places.model.rowCount())
        self._put(puts, "粘贴", unfit)

    def _put(self, puts: Sequence[Put], deed: str, unfit: Sequence[Unfit] = ()) -> None:
        plots = self._places.plots(dict.fromkeys(put.row for put in puts))
        self._saving.put_many(lambda: self._gathered(puts, plots, unfit), deed)

    def _gathered(self, puts: Sequence[Put], plots: Mapping[int, str], unfit: Sequence[Unfit] = ()) -> Gathered:
        """Runs in a lane."""
        found = gather(puts, plots, self._source, self._places.title)
        return replace(found, unfit=(*found.unfit, *unfit))


def _offer(texts: list[list[str]]) -> None:
    mime = QMimeData()
    fill_clipboard(texts, mime)
    QGuiApplication.clipboard().setMimeData(mime)
