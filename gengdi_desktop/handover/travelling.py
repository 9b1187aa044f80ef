"""What each kind of package carries and may bring: tables, fields, rows; how rows of one desk are known at another.

Packing reads here what goes, receiving what may be taken. The rule of merging is decision 0017.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.exchange import names
from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.storage.layout import CODES, layout


class Named(StrEnum):
    """How a row of one desk is known at another."""

    ALIKE = "alike"
    """By its key, which means the same everywhere: random, derived from such a key, or a hash."""
    MADE = "made"
    """By ledger and key where it was made; ``foreign_row`` keeps the pairs."""
    SAID = "said"
    """By what it says: the fields of :data:`SAID_BY`. Of a list from elsewhere ``foreign_row`` keeps a pair too: it is
    how a desk knows whose list it is."""


class Rows(StrEnum):
    """Which rows of a table a package carries."""

    ALL = "all"
    OF_PLOTS = "of_plots"
    """Those of the package's plots (of a township, of a sample, or all of the ledger: :func:`plots_of`)."""
    OF_LISTS = "of_lists"
    """Lists that were made here, and of a ``task`` only such as the package's plots stand in."""
    ON_LISTS = "on_lists"
    """Lines and identifiers of the lists that the package carries, and identifiers of no list; of a ``task`` only
    those of its plots."""
    OF_SAMPLE = "of_sample"
    """Of a sample and of those that it contains."""
    OF_STAGE = "of_stage"
    """Attachments of the package's plots of the stage :data:`CHECK_STAGE` only."""
    NAMED = "named"
    """Files and what photos say, as far as rows that travel name them."""
    OWN = "own"
    """Certificates with which this desk signs."""
    IN_FORCE = "in_force"
    """Papers that were not voided, and their files."""


class Plots(StrEnum):
    """Whose plots a package is about."""

    OF_UNIT = "of_unit"
    """Those of one township; of a ``task`` for a team without a township, none."""
    OF_SAMPLE = "of_sample"
    """The drawn ones; of a ``check-task`` those too that come next, for plots that cannot be visited."""
    OF_LEDGER = "of_ledger"


@dataclass(frozen=True, slots=True)
class Carried:
    """One table of a kind of package.

    Attributes:
        table: Its code; the member is ``data/TABLE.jsonl``, also where there are no rows.
        rows: Which rows go.
        fields: What each row says, the key first. Columns that mean something at home only stay there.
        brings: The fields that may change a row which the receiver has already. Others are compared only: a value
            that differs is refused by name.
        adds: Whether rows that the receiver does not have are made, then with all ``fields``.
    """

    table: str
    rows: Rows
    fields: tuple[str, ...]
    brings: frozenset[str]
    adds: bool = True


RECEIPT: Final = "receipt"
"""The pseudo table of packages that we have from the receiver, in every kind; no table of a ledger."""
RECEIPT_FIELDS: Final = ("package", "kind", "number", "manifest_sha256", "head_seq", "head_hash", "received_at")
"""Its fields, the key first: id, kind and number of a package of the receiver's, its manifest, the receiver's last
entry when it packed (the newest of these is the known entry), and when we took it in."""

FOREIGN: Final = "foreign_row"
"""The sender's own pairs for the rows that it sends, in every kind, with all columns."""

CHECK_STAGE: Final = Stage.SPOT_CHECK.value

RECORDS: Final = (
    "progress",
    "acceptance",
    "plot_return",
    "spot_check",
    "revisit",
    "closing",
    "hold",
    "cancellation",
    "correction",
    "note",
)
"""The tables of what was done to a plot."""

CAMPAIGN: Final = ("campaign", "phase", "rule")
"""The tables that say how the campaign goes: the county's, whole in every package that carries them."""

PLOT_STANDING: Final = ("state", "round", "held")
"""Where a plot stands, together with all fields of its rows in ``round``: judged as one field, of the name ``""``."""

ISSUED_FACTS: Final = (
    *("county", "township", "township_code", "village", "village_code", "group_name", "plot_no", "outflow_year"),
    *("kind", "class_system", "class_before", "class_before_name", "class_after", "class_after_name"),
    *("plot_area", "cultivated_area", "basic_area", "outflow_area", "issued_area", "restore_attribute"),
    *("centre_longitude", "centre_latitude", "centre_text"),
)
"""The columns of ``plot`` that the list issued; a township may not change them by a package."""

NEW_ONLY: Final[Mapping[str, frozenset[str]]] = {"plot": frozenset({"position"})}
"""What is carried for rows that are made, and never changes one that is there: the sender's own order."""

_AT_HOME: Final[Mapping[str, frozenset[str]]] = {
    # The number of a journal entry.
    "plot": frozenset({"entry"}),
    # The issued file never travels. What a list states and was expected to hold is said of the whole of it.
    "plot_list": frozenset({"file_id", "stated_count", "stated_area", "expected_count", "expected_area"}),
    # What the county made of a result.
    "sample_result": frozenset({"entered", "sent_back"}),
    "report": frozenset({"snapshot_file", "model_file", "fonts", "program_version", "template_version"}),
}

SAID_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "campaign": (),
    "phase": ("code",),
    "rule": ("code",),
    "plot_list": ("name",),
    "list_line": ("list_id", "sheet", "row"),
    "identifier": ("plot_id", "kind", "value"),
}
"""By which fields rows are known that are told by what they say; a ledger has one campaign."""

_ALIKE: Final = frozenset(
    {"plot", "round", "photo", "stored_file", "plot_shape", "certificate", "sample", "sample_plot", "sample_result"}
)

DERIVED: Final[Mapping[str, tuple[str, ...]]] = {
    "round": ("plot_id", "number"),
    "plot_shape": ("plot_id",),
    "sample_plot": ("sample_id", "plot_id"),
    "sample_result": ("sample_id", "plot_id"),
}
"""Keys that are made of these fields, parted by colons: made again where a plot has another id at the receiver."""

WAYS: Final[Mapping[PackageKind, tuple[frozenset[Desk], frozenset[Desk]]]] = {
    PackageKind.TASK: (frozenset({Desk.COUNTY}), frozenset({Desk.TOWNSHIP, Desk.TEAM})),
    PackageKind.CHECK_TASK: (frozenset({Desk.COUNTY}), frozenset({Desk.TEAM})),
    PackageKind.CHECK_RESULT: (frozenset({Desk.TEAM}), frozenset({Desk.COUNTY})),
    PackageKind.SUBMISSION: (frozenset({Desk.TOWNSHIP, Desk.TEAM}), frozenset({Desk.COUNTY})),
    PackageKind.FEEDBACK: (frozenset({Desk.COUNTY}), frozenset({Desk.TOWNSHIP})),
}
"""From whom to whom each kind goes."""

ENTRIES: Final = f"{names.JOURNAL}/entries.jsonl"
"""The member that holds the entries of the sender's journal."""

PAIR_FIELDS: Final = ("id", "peer_ledger", "table_code", "key", "local")
"""The columns of ``foreign_row``, as pairs are written."""

PAPERS: Final = ("report", "report_file")
"""Rows of these never enter the receiver's own tables of papers: they become rows of ``received_paper``."""

OPEN_TO_OTHERS: Final[Mapping[str, frozenset[str]]] = {
    # What one desk began another may end.
    "hold": frozenset({"released_on"}),
    "cancellation": frozenset({"restored_on", "restore_document"}),
    # A drawn plot that could not be visited; the result is whoever's was there.
    "sample_plot": frozenset({"status", "reason"}),
    "sample_result": frozenset(layout("sample_result").names),
    # The latest outline stands, whoever's list gave it.
    "plot_shape": frozenset(layout("plot_shape").names),
}
"""What others may change in the rows of a desk, by table; nothing where none is named. The county holds to it: what it
or a third desk recorded a submission may not rewrite."""

_STORY = ("plot", "round", *RECORDS)


def named(table: str) -> Named:
    """How rows of a table are known at other desks."""
    if table in SAID_BY:
        return Named.SAID
    return Named.ALIKE if table in _ALIKE else Named.MADE


def plots_of(kind: PackageKind) -> Plots:
    """Whose plots a package of that kind is about."""
    return _PLOTS[kind]


def carried(kind: PackageKind) -> tuple[Carried, ...]:
    """The tables of a kind of package, parents before children; ``receipt`` and ``foreign_row`` come besides.

    A row may refer to one that does not travel (the list of an identifier): where the receiver has none in its place,
    the reference is null there and says nothing.
    """
    return _CARRIED[kind]


def table_of(kind: PackageKind, table: str) -> Carried | None:
    """What a kind carries of one table; None where it may not hold it."""
    return next((one for one in _CARRIED[kind] if one.table == table), None)


def _fields(table: str) -> tuple[str, ...]:
    return tuple(name for name in layout(table).names if name not in _AT_HOME.get(table, ()))


def _carries(table: str, rows: Rows, *, brings: frozenset[str] | None = None, adds: bool = True) -> Carried:
    fields = _fields(table)
    may = frozenset(fields[1:]) if brings is None else brings
    return Carried(table, rows, fields, may - NEW_ONLY.get(table, frozenset()), adds)


def _all(*tables: str) -> tuple[Carried, ...]:
    return tuple(_carries(table, Rows.ALL) for table in tables)


def _of_plots(*tables: str) -> tuple[Carried, ...]:
    return tuple(_carries(table, Rows.OF_PLOTS) for table in tables)


_FILES = tuple(_carries(table, Rows.NAMED) for table in ("stored_file", "photo"))
_TRUST = (_carries("certificate", Rows.ALL),)
_OWN_KEY = (_carries("certificate", Rows.OWN),)
_LISTS = (
    _carries("plot_list", Rows.OF_LISTS),
    _carries("list_line", Rows.ON_LISTS),
    _carries("identifier", Rows.ON_LISTS),
)
_PLOT_OF_TOWNSHIP = _carries("plot", Rows.OF_PLOTS, brings=frozenset(_fields("plot")[1:]) - frozenset(ISSUED_FACTS))
_CHECK_PHOTOS = _carries("attachment", Rows.OF_STAGE)

_PLOTS: Final[Mapping[PackageKind, Plots]] = {
    PackageKind.TASK: Plots.OF_UNIT,
    PackageKind.CHECK_TASK: Plots.OF_SAMPLE,
    PackageKind.CHECK_RESULT: Plots.OF_SAMPLE,
    PackageKind.SUBMISSION: Plots.OF_LEDGER,
    PackageKind.FEEDBACK: Plots.OF_UNIT,
}

_UNORDERED: Final[Mapping[PackageKind, tuple[Carried, ...]]] = {
    PackageKind.TASK: (
        *_all(*CAMPAIGN),
        *_of_plots(*_STORY, "plot_shape"),
        *_LISTS,
        *_TRUST,
    ),
    PackageKind.CHECK_TASK: (
        *_all(*CAMPAIGN),
        *_FILES,
        *_of_plots(*_STORY, "identifier", "plot_shape", "attachment"),
        *_TRUST,
        *(_carries(table, Rows.OF_SAMPLE) for table in ("sample", "sample_plot", "sample_result")),
    ),
    PackageKind.CHECK_RESULT: (
        *_FILES,
        _CHECK_PHOTOS,
        *_OWN_KEY,
        *(_carries(table, Rows.OF_SAMPLE) for table in ("sample_plot", "sample_result")),
    ),
    PackageKind.SUBMISSION: (
        *_FILES,
        _PLOT_OF_TOWNSHIP,
        *_of_plots("round", *RECORDS, "plot_shape", "attachment", "photo_answer"),
        *_LISTS,
        *(_carries(table, Rows.IN_FORCE) for table in PAPERS),
        *_OWN_KEY,
    ),
    PackageKind.FEEDBACK: (
        *_all("campaign", "phase"),
        *_FILES,
        *_of_plots(*_STORY),
        _CHECK_PHOTOS,
        *_TRUST,
    ),
}

_ORDER = {table: place for place, table in enumerate(CODES)}
_CARRIED: Final[Mapping[PackageKind, tuple[Carried, ...]]] = {
    kind: tuple(sorted(tables, key=lambda one: _ORDER[one.table])) for kind, tables in _UNORDERED.items()
}
