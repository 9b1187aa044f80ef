"""Many forms into one PDF on the disk: drawn in portions that never fill the memory, then joined."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from gengdi_desktop.reports.fonts import FontSet
from gengdi_desktop.reports.forms.blocks import PlotForm
from gengdi_desktop.reports.forms.drawing import FormSheet
from gengdi_desktop.reports.render.pdf import DRAWING, Properties, Sheet
from gengdi_desktop.system.files import PART, require_room, telling, writing

if TYPE_CHECKING:
    from pikepdf import Pdf

PLOTS_A_PORTION = 200
BYTES_A_PORTION = 32 * 1024 * 1024
"""A portion is put to the disk at whichever comes first: its pictures stay in the memory until then."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a plot's form begins, for the contents of the file."""

    group: str
    name: str
    page: int


class FormFile:
    """A PDF of many forms that takes its name only when it is whole.

    Use as a context manager: leaving by an exception leaves nothing behind.

    Args:
        target: The file.
        fonts: The typefaces.
        properties: What the file says of itself.
        sample: Whether each page says that everything is made up.
    """

    def __init__(self, target: Path, fonts: FontSet, properties: Properties, *, sample: bool) -> None:
        self._target = target
        self._fonts = fonts
        self._properties = properties
        self._sample = sample
        self._folder = Path()
        self._portions: list[Path] = []
        self._waiting: list[PlotForm] = []
        self._pictures: dict[str, bytes] = {}
        self._marks: list[_Mark] = []
        self.pages = 0

    def __enter__(self) -> Self:
        """Make the folder for the portions, beside the target: there is the room that will be needed."""
        with telling(self._target):
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(suffix=PART, prefix=".gengdi-", dir=self._target.parent))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Join the portions where all went well; remove them either way."""
        try:
            if kind is None:
                self._flush()
                self._join()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, form: PlotForm, pictures: Mapping[str, bytes]) -> None:
        """Add the form of one plot, with the JPEGs that it shows, by hash."""
        self._waiting.append(form)
        self._pictures |= pictures
        if len(self._waiting) >= PLOTS_A_PORTION or sum(map(len, self._pictures.values())) >= BYTES_A_PORTION:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        with DRAWING:
            sheet = Sheet(self._fonts, self._properties)
            forms = FormSheet(sheet, self._pictures.get, sample=self._sample)
            for form in self._waiting:
                self._marks.append(_Mark(form.group, form.name, self.pages + forms.pages))
                forms.draw(form)
            data = sheet.finish()
        portion = self._folder / f"{len(self._portions):04d}.pdf"
        with telling(portion):
            portion.write_bytes(data)
        self._portions.append(portion)
        self.pages += forms.pages
        self._waiting, self._pictures = [], {}

    def _join(self) -> None:
        """All portions as one file, with villages and plots as its contents; neither step holds the pictures."""
        import pikepdf

        require_room(self._folder, sum(portion.stat().st_size for portion in self._portions))
        with pikepdf.Pdf.open(self._portions[0]) as first:
            said = {key: str(value) for key, value in first.docinfo.items()}
        joined = self._folder / "joined.pdf"
        # The library's own pages are copied with all they show; its command joins files without reading the pictures.
        pages = [{"file": str(portion), "range": "1-z"} for portion in self._portions]
        pikepdf.Job({"empty": "", "pages": pages, "outputFile": str(joined), "staticId": ""}).run()
        for portion in self._portions:
            portion.unlink()
        # Not mapped into the memory, where the whole file would stand at the end.
        with pikepdf.Pdf.open(joined, access_mode=pikepdf.AccessMode.stream) as whole:
            self._mark(whole)
            for key, value in said.items():
                whole.docinfo[key] = value
            with writing(self._target) as file:
                whole.save(cast("BinaryIO", file), deterministic_id=True)

    def _mark(self, whole: Pdf) -> None:
        from pikepdf import OutlineItem

        with whole.open_outline() as outline:
            groups: dict[str, OutlineItem] = {}
            for mark in self._marks:
                if mark.group not in groups:
                    groups[mark.group] = OutlineItem(mark.group or "（未写村）", mark.page)
                    outline.root.append(groups[mark.group])
                groups[mark.group].children.append(OutlineItem(mark.name, mark.page))
