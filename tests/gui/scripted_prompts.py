"""Answers to the questions that only the system's own dialogs could ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from gengdi_desktop.ui.printing import make_printer


@dataclass
class ScriptedPrompts:
    """Answers laid out beforehand.

    Attributes:
        answers: Paths in the order in which they are asked for; None is a cancel.
        asked: The titles of the questions that were asked.
        told: What was said.
    """

    answers: list[Path | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def open_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """The next answer."""
        del filters, start
        return self._next(title)

    def open_files(self, title: str, filters: str, start: str = "") -> tuple[Path, ...]:
        """The next answer, alone."""
        del filters, start
        one = self._next(title)
        return () if one is None else (one,)

    def save_file(self, title: str, filters: str, start: str = "") -> Path | None:
        """The next answer."""
        del filters, start
        return self._next(title)

    def folder(self, title: str, start: str = "") -> Path | None:
        """The next answer."""
        del start
        return self._next(title)

    def printer(self, title: str, pages: int) -> QPrinter | None:
        """A printer that writes a PDF to the next answer."""
        del pages
        target = self._next(title)
        if target is None:
            return None
        printer = make_printer(title)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        return printer

    def tell(self, title: str, words: str) -> None:
        """Keep what was said."""
        self.told.append(f"{title}：{words}")

    def _next(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.answers.pop(0) if self.answers else None
