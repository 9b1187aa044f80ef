"""Photos and papers on the page of a plot: before beside after, then every file by its stage as a tile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.evidence import EvidenceVerdict, Verdict
from gengdi_desktop.evidence.records import BY_HAND
from gengdi_desktop.ui import prompts
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dropping import paste
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.models.photo_lines import PhotoLine, partner, tallies
from gengdi_desktop.ui.models.photo_taking import TakingWish
from gengdi_desktop.ui.pages.evidence_taking import TakingPanel
from gengdi_desktop.ui.pages.plot_photos_deeds import FileDeeds
from gengdi_desktop.ui.photo_pictures import Pictures
from gengdi_desktop.ui.widgets.message import MessageSlot
from gengdi_desktop.ui.widgets.parts import button, label, row, set_tone
from gengdi_desktop.ui.widgets.photo_pair import Photo, PhotoPair
from gengdi_desktop.ui.widgets.photo_strip import PhotoStrip
from gengdi_desktop.ui.widgets.photo_tile import PICTURE, Mark, Tile
from gengdi_desktop.ui.widgets.sheet import Sheet

_SHARP: Final = 2
_PAIR_WIDTH: Final = 640


class PlotPhotos(Sheet):
    """The sheet; without files it says what is wanted."""

    def __init__(self, context: UiContext, messages: MessageSlot) -> None:
        super().__init__("照片和材料", "")
        self._context = context
        self.lines: tuple[PhotoLine, ...] = ()
        self.large = Pictures(context.ledger, context.jobs, _PAIR_WIDTH * _SHARP, self)
        self.small = Pictures(context.ledger, context.jobs, PICTURE[0] * _SHARP, self)
        self.pair = PhotoPair(self.large)
        self.strip = PhotoStrip("照片和材料", self.small)
        self.deeds = FileDeeds(context, messages, self)
        self._messages = messages
        self.taking = TakingPanel(context, messages)
        self.name = ""
        self._nothing = label("还没有照片和材料。申报到位前要有整改后的照片。", "small", wrap=True)
        self._add = button("添加照片", "link", "plus", pressed=self.choose)
        foot = row(None, self._add)
        self._verdict = label("", "small", wrap=True)
        for one in (self._verdict, self.pair, self.strip, self._nothing):
            self.body.addWidget(one)
        self.body.addLayout(foot)
        self._add.setVisible(context.writable)  # only now: shown without a parent it would flash up as a window
        self.body.addStretch(1)
        self.strip.opened.connect(self._open)
        self.strip.remove_asked.connect(self._remove)
        self.strip.menu_asked.connect(self._show_menu)
        self.pair.opened.connect(self._open_pair)
        self.small.came.connect(lambda _sha256: self._tell_faults())

    def show_lines(self, plot: str, name: str, lines: Sequence[PhotoLine]) -> None:
        """Show the files of a plot."""
        if plot != self.deeds.plot:
            self.taking.put_away()
        self.deeds.plot, self.name, self.lines = plot, name, tuple(lines)
        for one in (self.small, self.large):
            one.look_again()
        self._nothing.setVisible(not lines)
        self.strip.setVisible(bool(lines))
        self.strip.show_tiles([tile_of(one) for one in lines])
        self.pair.show_photos([Photo(one.sha256, one.title, one.name) for one in self._pair()])
        self._tell_faults()
        self._ask_verdict(plot)

    def _ask_verdict(self, plot: str) -> None:
        """What the rules of evidence say of the plot; shown above its files."""
        ledger = self._context.ledger

        def work(_progress: Progress) -> tuple[str, EvidenceVerdict | None]:
            from gengdi_desktop.evidence.verdicts.service import verdicts

            return plot, verdicts(ledger, [plot]).get(plot)

        self._context.jobs.read(work, self._show_verdict, self._messages.show_error, owner=self, newest="evidence")

    def _show_verdict(self, found: tuple[str, EvidenceVerdict | None]) -> None:
        plot, verdict = found
        if plot != self.deeds.plot or verdict is None:
            return
        missing = verdict.verdict is Verdict.MISSING
        set_tone(self._verdict, "soil" if missing else "")
        self._verdict.setText(f"证据：{verdict.sentence}。")

    def line(self, file: int) -> PhotoLine | None:
        """The line of a file."""
        return next((one for one in self.lines if one.id == file), None)

    def choose(self) -> None:
        """Choose files by the system's own dialog."""
        preferences = self._context.preferences
        chosen = self._context.prompts.open_files("选照片和扫描件", prompts.PHOTOS, preferences.start_folder())
        if chosen:
            preferences.used_folder(chosen[0].parent)
            self.take(chosen)

    def paste(self) -> None:
        """Take in what is on the clipboard."""
        if self._context.writable and self.deeds.plot:
            paste(self._context, self.take, self._messages)

    def take(self, paths: Sequence[Path]) -> None:
        """Look at files for this plot; the panel above asks what is still open."""
        own = (self.deeds.plot, self.name)
        self.taking.look(TakingWish(tuple(paths), (own,), self.deeds.plot))

    def _tell_faults(self) -> None:
        """Beside the title: how many of each stage, and what is missing or damaged."""
        faulty = [one for one in self.lines if one.picture and self.small.fault(one.sha256)]
        told = f"有 {len(faulty)} 个文件看不了：{faulty[0].name}" if faulty else ""
        self.set_note("　".join(filter(None, (tallies(self.lines), told))))

    def _pair(self) -> tuple[PhotoLine, ...]:
        """The first before and what stands opposite; nothing where there are not both."""
        before = next((one for one in self.lines if one.stage is Stage.BEFORE and one.picture), None)
        after = partner(before, self.lines) if before is not None else None
        return (before, after) if before is not None and after is not None else ()

    def _open_pair(self) -> None:
        pair = self._pair()
        if pair:
            self.deeds.open(pair[1], beside=True)

    def _open(self, file: int) -> None:
        line = self.line(file)
        if line is not None:
            self.deeds.open(line)

    def _remove(self, files: list[int]) -> None:
        self.deeds.remove([one for one in self.lines if one.id in files])

    def _show_menu(self, at: QPoint) -> None:
        chosen = [one for one in self.lines if one.id in (self.strip.chosen_ids() or (self.strip.current_id(),))]
        menu = self.deeds.menu(chosen, self.strip)
        if menu is not None:
            menu.popup(self.strip.viewport().mapToGlobal(at))


def tile_of(line: PhotoLine) -> Tile:
    """The tile of a file of a plot."""
    hand = (Mark("pen", BY_HAND, "sky"),) if line.by_hand else ()
    doubt = tuple(one.code.label for one in line.asked if one.open)
    asked = doubt[0] if len(doubt) == 1 else f"{len(doubt)} 个疑问"
    marks = (Mark("help", asked, "soil"), *hand) if doubt else hand
    told = line.gaps or line.stand or line.note or line.name
    return Tile(
        line.id, line.sha256, line.title, line.taken or line.size, told, "soil" if line.gaps else "", marks,
        picture=line.picture, name=line.name,
    )  # fmt: skip
