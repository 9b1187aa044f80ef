"""The verbs of the forms: dossiers, forms to sign, sheets for the field, of one plot, of some or of all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.rules.service import rules_in_force
from gengdi_desktop.evidence.verdicts.service import verdicts
from gengdi_desktop.ledger import store as ledger_store
from gengdi_desktop.ledger.queries import PlotQuery, plot_ids
from gengdi_desktop.ledger.service import campaign
from gengdi_desktop.reports.document import day_text
from gengdi_desktop.reports.fonts import load_fonts
from gengdi_desktop.reports.forms.ahead import with_photos
from gengdi_desktop.reports.forms.blocks import PlotForm
from gengdi_desktop.reports.forms.dossier import Surroundings, dossier
from gengdi_desktop.reports.forms.field_sheet import field_sheet
from gengdi_desktop.reports.forms.kinds import FormKind
from gengdi_desktop.reports.forms.photos import PlotPhotos
from gengdi_desktop.reports.forms.plot_file import PlotFile, read_plot_file
from gengdi_desktop.reports.forms.sign_forms import acceptance_form, closing_form
from gengdi_desktop.reports.forms.sketching import sketch_of
from gengdi_desktop.reports.forms.writing import FormFile
from gengdi_desktop.reports.render.pdf import Properties
from gengdi_desktop.system.resources import resource

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

Progress = Callable[[int, int], None]
_NO_PHOTOS = PlotPhotos({}, {}, {})


@dataclass(frozen=True, slots=True)
class WrittenForms:
    """What was written.

    Args:
        file: Where.
        plots: How many plots.
        pages: How many pages.
        broken: Files that could not be shown: plot in words and file name. Their places say so on paper too.
    """

    file: Path
    plots: int
    pages: int
    broken: tuple[tuple[str, str], ...]


def write_forms(
    ledger: Ledger,
    kind: FormKind,
    out: Path,
    plots: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> WrittenForms:
    """Write the forms of plots as one PDF, in the order given.

    Args:
        ledger: An open ledger.
        kind: Which form.
        out: The file, ending in ``.pdf``; an older one is replaced when the new one is whole.
        plots: Own ids; None takes all, village by village.
        progress: Told how many plots are done, of how many; may raise ``Cancelled``: then nothing is left behind.

    Raises:
        RuleError: ``unknown_format``, ``unknown_plot``, ``nothing_to_print``, ``glyph_missing``.
        SurroundingsError: The place cannot be written, or the disk is full.
    """
    if out.suffix.lower() != ".pdf":
        raise RuleError("unknown_format", f"{kind.label}只写成 .pdf，没有写出。", "请用 .pdf 结尾。")
    ids = plot_ids(ledger, PlotQuery(group="village")) if plots is None else list(plots)
    if not ids:
        raise RuleError("nothing_to_print", f"没有要打印的图斑，{kind.label}没有写出。", "请先选图斑，或先导入清单。")
    printing = _Printing(ledger, kind, len(ids))
    broken: list[tuple[str, str]] = []
    with (
        FormFile(out, printing.fonts, printing.properties, sample=ledger.info.sample) as file,
        contextlib.closing(_files(ledger, kind, ids)) as files,
    ):
        for number, (found, photos) in enumerate(files, start=1):
            if progress is not None:
                progress(number - 1, len(ids))
            broken += [(found.name, one.name) for one in found.files if one.sha256 in photos.broken]
            file.add(printing.form(found, photos, number), photos.pictures)
    if progress is not None:
        progress(len(ids), len(ids))
    return WrittenForms(out, len(ids), file.pages, tuple(broken))


def _files(ledger: Ledger, kind: FormKind, plots: Sequence[str]) -> Generator[tuple[PlotFile, PlotPhotos], None, None]:
    """All that is recorded of each plot; photos only where the form shows them."""
    if kind is FormKind.DOSSIER:
        return with_photos(ledger, plots)
    return ((read_plot_file(ledger, plot), _NO_PHOTOS) for plot in plots)


class _Printing:
    """What all forms of one printing share."""

    def __init__(self, ledger: Ledger, kind: FormKind, count: int) -> None:
        self.fonts = load_fonts(resource("fonts"))
        self._kind = kind
        self._count = count
        self._ledger = ledger
        self._unit = ledger.info.organ
        self._campaign = campaign(ledger).name
        today = ledger.today()
        self._day = day_text(today)
        self._trace = trace(ledger)
        title = f"{ledger.info.unit}{kind.label}"
        self.properties = Properties(title, self._unit, today, self._trace)

    def form(self, file: PlotFile, photos: PlotPhotos, number: int) -> PlotForm:
        """The form of one plot."""
        around = Surroundings(
            unit=self._unit,
            campaign=self._campaign,
            day=self._day,
            trace=self._trace,
            sketch=sketch_of(self._ledger, file.id),
            photo_words=photos.words,
            broken=photos.broken,
            evidence=self._evidence(file) if self._kind is FormKind.DOSSIER else (),
        )
        if self._kind is FormKind.FIELD_SHEET:
            return field_sheet(file, around, number, self._count)
        make = {FormKind.ACCEPTANCE: acceptance_form, FormKind.CLOSING: closing_form}.get(self._kind, dossier)
        return make(file, around)

    def _evidence(self, file: PlotFile) -> tuple[str, ...]:
        """What the rules say on the day of printing, and which rules those are."""
        told = verdicts(self._ledger, [file.id])[file.id]
        rules = rules_in_force(self._ledger)
        return (f"{told.sentence}。", f"按证据规则 {rules.version} 版，打印当天的情况。出处：{rules.source}。")


def trace(ledger: Ledger) -> str:
    """The journal's end at the time of printing, by which a sheet is followed back."""
    with ledger.reading() as session:
        seq, head = ledger_store.head(session)
    return f"台账第 {seq} 条，{head[:12].upper()}"
