"""Files that come along: their rows, which bytes came, and which are still away."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from gengdi_desktop.handover.receiving import store
from gengdi_desktop.handover.receiving.changes import TableChanges
from gengdi_desktop.handover.receiving.incoming import Incoming
from gengdi_desktop.ledger.folder import SUFFIXES, FolderPart
from gengdi_desktop.storage.journal import Item

if TYPE_CHECKING:
    from gengdi_desktop.handover.receiving.context import Context

_PARTS: Final = frozenset({FolderPart.EVIDENCE.value, FolderPart.REPORTS.value})


def merge_files(context: Context, incoming: Incoming) -> list[TableChanges]:
    """Rows of files that are not here yet, and of those whose bytes are away."""
    fields = {name: incoming.at(name) for name in ("folder", "suffix", "size")}
    wanted = [str(row[0]) for row in incoming.rows]
    here = {str(row[0]) for row in store.rows(context.session, "stored_file", ("id",), where="id", keys=wanted)}
    new = []
    for row in incoming.rows:
        folder, suffix, size = (row[fields[name]] for name in ("folder", "suffix", "size"))
        fit = folder in _PARTS and (not suffix or SUFFIXES.fullmatch(str(suffix)))
        key = str(row[0])
        if key in here:
            context.files[key] = key
        elif fit:
            context.files[key] = key
            brought = context.coming.get(key)
            if brought is not None:
                folder, suffix, size = brought.file.part, brought.file.suffix, brought.file.size
            new.append((key, folder, suffix, size))
    waiting = {str(row[0]) for row in store.rows(context.session, "awaited_file", ("id",), where="id", keys=wanted)}
    came = sorted(waiting & context.coming.keys())
    away = [key for key, *_ in new if key not in context.coming]
    context.away = set(away) | (waiting - set(came))
    rows = store.whole_rows(context.session, "awaited_file", came)
    return [
        TableChanges("stored_file", ("id", "folder", "suffix", "size"), new, list(_measured(context, here))),
        TableChanges(
            "awaited_file",
            ("id", "package_id"),
            [(key, context.heading.id) for key in sorted(away)],
            [["-", "awaited_file", key, {n: [v, None] for n, v in row.items()}] for key, row in rows.items()],
        ),
    ]


def _measured(context: Context, here: Collection[str]) -> Iterator[Item]:
    """The true sizes of files whose bytes come: before that their size was only said."""
    brought = {key: context.coming[key].file.size for key in context.coming.keys() & here}
    for key, size in store.rows(context.session, "stored_file", ("id", "size"), where="id", keys=sorted(brought)):
        true = brought[str(key)]
        if size != true and key is not None:
            yield ["~", "stored_file", key, {"size": [size, true]}]
