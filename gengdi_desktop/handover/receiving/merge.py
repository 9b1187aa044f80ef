"""One package against one ledger: its tables one after another, each with what happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.certificates import merge_certificates
from gengdi_desktop.handover.receiving.changes import TableChanges
from gengdi_desktop.handover.receiving.draws import as_drawn
from gengdi_desktop.handover.receiving.files import merge_files
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.handover.receiving.lists import merge_lists
from gengdi_desktop.handover.receiving.merging import Status
from gengdi_desktop.handover.receiving.papers import merge_papers
from gengdi_desktop.handover.receiving.plots import admit, merge_plots
from gengdi_desktop.handover.receiving.removing import remove_plots
from gengdi_desktop.handover.receiving.tables import merge_table
from gengdi_desktop.handover.travelling import FOREIGN, PAIR_FIELDS, PAPERS, Carried, carried, table_of
from gengdi_desktop.storage.journal import canonical

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

Progress = Callable[[int, int], None]
_CONFLICT: Final = ("id", "plot_id", "table_code", "row_key", "field", "package_id", "base", "mine", "theirs", "status")
_WITH_PLOTS: Final = frozenset({"round"})
"""Comes with the plots, since both together say where each stands."""


def merged(context: Context, progress: Progress | None = None) -> Iterator[TableChanges]:
    """What happens to each table, in turn; the tally in ``context`` grows with it.

    What was given out is to be written before the next is asked for; nothing of it is needed again.

    Raises:
        PackageFault: Rows that are not of the prescribed form.
        Cancelled: ``progress`` said so.
    """
    tables = carried(context.heading.kind)
    _expect_sample(context)
    for done, one in enumerate(tables):
        if progress is not None:
            progress(done, len(tables))
        if one.table in _WITH_PLOTS or one.table in PAPERS:
            continue
        incoming = context.contents.table(one)
        if incoming is None or (one.table not in {"plot", "certificate"} and context.late(one.table)):
            continue
        for changes in _merged_table(context, one, incoming):
            context.tally.rows += changes.count
            yield changes
    for changes in (*_papers(context), *remove_plots(context)):
        context.tally.rows += changes.count
        yield changes
    yield TableChanges(FOREIGN, PAIR_FIELDS, context.pairs)
    yield _questions(context)


def _merged_table(context: Context, one: Carried, incoming: Incoming) -> list[TableChanges]:
    if one.table == "plot":
        admit(context, incoming)
        rounds = table_of(context.heading.kind, "round")
        return merge_plots(context, one, incoming, context.contents.table(rounds) if rounds is not None else None)
    if one.table == "stored_file":
        return merge_files(context, incoming)
    if one.table == "certificate":
        return [merge_certificates(context, incoming)]
    if one.table == "plot_list":
        return [merge_lists(context, one, incoming)]
    return [merge_table(context, one, as_drawn(context, incoming))]


def _expect_sample(context: Context) -> None:
    """Of a package about a sample, whose plots it does not carry: they are those that the sample drew here."""
    if table_of(context.heading.kind, "plot") is None:
        plots = store.sample_plots(context.session, context.samples) | _replacements(context)
        context.plots.update({plot: plot for plot in plots})


def _replacements(context: Context) -> set[str]:
    """The plots that the team took for others, as far as they stand here."""
    carried = table_of(context.heading.kind, "sample_plot")
    incoming = context.contents.table(carried) if carried is not None else None
    named = [str(plot) for plot in incoming.column("plot_id")] if incoming is not None else []
    return {str(row[0]) for row in store.rows(context.session, "plot", ("id",), where="id", keys=named)}


def _papers(context: Context) -> list[TableChanges]:
    reports, files = (table_of(context.heading.kind, table) for table in PAPERS)
    if reports is None or files is None:
        return []
    said = context.contents.table(reports), context.contents.table(files)
    return [merge_papers(context, said[0], said[1])] if said[0] is not None and said[1] is not None else []


def _questions(context: Context) -> TableChanges:
    """New questions, and what has become of older ones."""
    asked = context.tally.asked
    first = context.numbers.first("conflict", len(asked)) if asked else 0
    said = store.statuses(context.session, [key for key, _ in context.tally.questions])
    return TableChanges(
        "conflict",
        _CONFLICT,
        [
            (
                *(key, one.plot, one.table, one.row, one.field, context.heading.id),
                *(canonical(value).decode() for value in (one.base, one.mine, one.theirs)),
                Status.OPEN.value,
            )
            for key, one in enumerate(asked, first)
        ],
        [["~", "conflict", key, {"status": [said[key], status]}] for key, status in context.tally.questions],
    )
