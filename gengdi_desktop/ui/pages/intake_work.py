"""What the import page asks of the intake stage, in lanes: previews made into views, writing, taking back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.areas import Area, AreaUnit
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Actor
from gengdi_desktop.errors import GengdiError, SurroundingsError
from gengdi_desktop.ui import words
from gengdi_desktop.ui.jobs import Progress
from gengdi_desktop.ui.pages.intake_shown import view_of, visible_rows
from gengdi_desktop.ui.pages.intake_view import (
    IntakeView,
    IntakeWish,
    ListView,
)
from gengdi_desktop.ui.widgets.sheet_preview import PreviewRow

if TYPE_CHECKING:
    from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome, ImportPreview
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.ledger.history import Told

_HISTORY: Final = 500
_PAGES: Final = 40
_REASONS: Final = {"other_unit": "别的单位的", "blank": "空行", "split_child": "被拆分的"}


@dataclass
class Preview:
    """A preview with what it is shown as; holds the rows of the file until it is closed."""

    view: IntakeView
    fields: tuple[tuple[str, str], ...]
    handle: ImportPreview = field(repr=False)

    def close(self) -> None:
        """Let go of the rows."""
        self.handle.close()


@dataclass(frozen=True)
class Done:
    """What an import did, in words; ``seq`` is the entry that brought it, 0 where nothing was written."""

    sentence: str
    more: str
    changes: Changes
    seq: int


@dataclass(frozen=True)
class TakenBack:
    """What taking an import back did."""

    sentence: str
    changes: Changes


def preview(ledger: Ledger, wish: IntakeWish, progress: Progress) -> Preview:
    """Read a file as the person wishes, and put it into a view.

    Raises:
        SurroundingsError: The file cannot be read.
        RuleError: It is no list of plots, or a correction names what is not there.
    """
    from gengdi_desktop.intake import service
    from gengdi_desktop.intake.fields import fields

    handle = service.preview(ledger, wish.path, _options(wish), progress=progress)
    try:
        known = fields()
        offered = (("", "照原样保留"), *((code, one.label) for code, one in known.items()))
        return Preview(view_of(handle, wish, {code: one.label for code, one in known.items()}), offered, handle)
    except BaseException:
        handle.close()
        raise


def run(ledger: Ledger, work: Preview, by: Actor, *, partial: bool, progress: Progress) -> Done:
    """Write what the preview showed.

    Raises:
        SurroundingsError: The disk refused; nothing was written.
        RuleError: The ledger has changed since, or what the rows say forbids it.
    """
    from gengdi_desktop.intake import service

    outcome = service.run(ledger, work.handle, by=by, partial=partial, progress=progress)
    if outcome.error is not None:
        code, message, hint = outcome.error
        raise SurroundingsError(code, message, hint)
    work.close()
    return Done(_done_sentence(outcome), _done_more(outcome), outcome.changes, outcome.entry or 0)


def rows_with(work: Preview, number: int) -> tuple[PreviewRow, ...]:
    """The visible rows of the table with one more and those around it; those of the preview where it is not there."""
    return visible_rows(work.handle, number)


def save_problems(work: Preview, path: Path) -> int:
    """Write what keeps rows out as a workbook for whoever made the list; answers how many lines it has."""
    from gengdi_desktop.intake.problem_list import write_problem_list

    return write_problem_list(work.handle, path)


def remember(ledger: Ledger, work: Preview, by: Actor) -> Changes:
    """Keep how the columns were matched for tables that are laid out alike."""
    from gengdi_desktop.intake import service

    return service.remember_mapping(ledger, work.handle, by=by)


def take_back(ledger: Ledger, seq: int, by: Actor, *, untouched: bool) -> TakenBack:
    """Turn an import back, whole or as far as nobody has worked on its plots.

    Raises:
        RuleError: Later work stands in the way; :func:`untouched_plots` says how many plots are free.
    """
    from gengdi_desktop.ledger import undo

    undone = undo.undo(ledger, seq, by=by, untouched=untouched)
    left = f"改过的 {len(undone.left)} 个图斑留着。" if undone.left else "台账回到导入以前的样子。"
    return TakenBack(f"这次导入撤回了。{left}", undone.changes)


def untouched_plots(error: GengdiError) -> int:
    """How many plots of an import could be taken back all the same; 0 where the error is another."""
    from gengdi_desktop.ledger.undo import UndoRefusedError

    return error.untouched if isinstance(error, UndoRefusedError) else 0


def known_lists(ledger: Ledger, today: date) -> tuple[ListView, ...]:
    """The lists of the ledger, newest first, with the entry that brought each where it is still in force."""
    from gengdi_desktop.ledger import figures, history

    lists = figures.figures(ledger).lists
    told: list[Told] = []
    before: int | None = None
    for _ in range(_PAGES if lists else 0):
        page = history.history(ledger, limit=_HISTORY, before=before)
        told += [one for one in page if one.action in (Operation.IMPORT, Operation.REISSUE) and not one.undone_by]
        if len(told) >= len(lists) or not page or page[-1].seq <= 1:
            break
        before = page[-1].seq
    # Each list was brought by one entry, and both stand in the order in which they came.
    entries = dict(zip((one.id for one in lists), reversed(told), strict=False)) if len(told) == len(lists) else {}
    found = []
    for one in reversed(lists):
        entry = entries.get(one.id)
        when = words.moment(datetime.fromisoformat(entry.at), today) if entry else ""
        found.append(
            ListView(
                one.name, words.count(one.lines.count), words.mu(one.lines.area), one.unentered.count, when,
                entry.seq if entry else 0,
            )
        )  # fmt: skip
    return tuple(found)


# -- asking and telling


def _options(wish: IntakeWish) -> ImportOptions:
    from gengdi_desktop.intake.mapping import parse_choice
    from gengdi_desktop.intake.previews import ImportOptions

    return ImportOptions(
        sheet=wish.sheet or None,
        header_rows=wish.header,
        columns={letters: parse_choice(text) for letters, text in wish.columns.items()},
        name=wish.name or None,
        reissue_of=wish.reissue_of or None,
        expect_count=wish.expected_count,
        expect_area=Area.parse(wish.expected_area) if wish.expected_area else None,
        cells=wish.cells,
    )


def _done_sentence(outcome: ImportOutcome) -> str:
    told = f"导入了 {words.count(outcome.imported)} 个图斑，{words.mu(outcome.area)} 亩。"
    if outcome.changed:
        told += f"{words.count(outcome.changed)} 个有改动，新值记在旧值旁边。"
    if not outcome.imported and not outcome.changed:
        return "清单里的图斑台账里都有，没有新的。"
    return told


def _done_more(outcome: ImportOutcome) -> str:
    parts = []
    if outcome.unentered:
        parts.append(f"{words.count(outcome.unentered)} 行留作“未入账”，改好后可以再导入。")
    if outcome.duplicates:
        parts.append(f"{words.count(outcome.duplicates)} 行台账里已有。")
    skipped = [f"{_REASONS.get(code, code)} {number} 行" for code, number in outcome.skipped_reasons.items()]
    if skipped:
        parts.append(f"跳过{'、'.join(skipped)}。")
    return "".join(parts)


def unit_choices() -> tuple[tuple[str, str], ...]:
    """The units that an area column may be in."""
    return (("", "表里写明的"), *((one.label, one.label) for one in AreaUnit))
