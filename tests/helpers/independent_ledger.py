"""A second count, made without the program: the issued workbook by openpyxl, the journal by SQLite, JSON and SHA-256.

Nothing of the program is imported here, so that no mistake of its queries, snapshot or figures can be made twice.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl

Tables = dict[str, dict[int | str, dict[str, Any]]]

LABELS = ("核减", "已销号", "整改到位", "待验收", "部分整改", "未整改")
METHODS = {
    "restored": "现场整改",
    "proved": "举证无问题",
    "regularised": "补办",
    "quota_offset": "核减占补指标",
    "inout_offset": "进出平衡",
    "other": "其他",
}
STATES = {
    "issued": "已下发",
    "checked": "已自查",
    "planned": "已定措施",
    "working": "整改中",
    "works_done": "已整治未耕种",
    "contested": "举证无需整改",
    "claimed": "已申报",
    "accepted": "镇级验收合格",
    "county_accepted": "县级验收合格",
    "closed": "已销号",
    "cancelled": "核减",
}
KINDS = {"non_farm": "非农化", "non_grain": "非粮化", "abandoned": "撂荒", "other": "其他"}
FINDINGS = {"true": "属实", "misjudged": "误判", "lawful": "合法"}
DISPOSALS = {
    "immediate": "立行立改",
    "short_term": "短期",
    "medium_term": "中期",
    "long_term": "长期",
    "proof": "举证核减",
}
HOLDS = {"deferred": "暂缓", "disputed": "争议"}
_OPEN = ("issued", "checked", "planned", "working", "works_done", "contested", "claimed")
_BACK_IN_WORK = ("checked", "planned", "working", "works_done")
_HEADER = (
    *("format", "ledger", "seq", "at", "actor", "auth", "desk", "action", "reason", "campaign", "event_date"),
    *("undoes", "continues", "changes", "previous"),
)


# ------------------------------------------------------------------------------------------------------ the issued list


@dataclass(frozen=True)
class IssuedRow:
    """One row of the issued list, as the workbook has it; areas in mu."""

    village: str
    number: str
    bsm: str
    class_after: str
    area: Decimal
    basic: Decimal
    kind: str
    remark: str


@dataclass(frozen=True)
class IssuedBook:
    """The issued list: its title, the header of the area that is the task, its rows, and what its last line adds up."""

    title: str
    area_header: str
    rows: tuple[IssuedRow, ...]
    stated_count: int
    stated_area: Decimal


def read_issued(path: Path) -> IssuedBook:
    """The first sheet of the workbook: a title, two header rows, one row a plot, a line of totals."""
    with closing(openpyxl.load_workbook(path, data_only=True)) as book:
        cells = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    top = next(index for index, row in enumerate(cells) if row[0] == "序号")
    groups, leaves = cells[top], cells[top + 1]
    headers: list[str] = []
    for group, leaf in zip(groups, leaves, strict=True):
        over = headers[-1].split("／")[0] if group is None and headers else str(group)
        headers.append(f"{over}／{leaf}" if leaf is not None else over)
    at = {header: index for index, header in enumerate(headers)}
    rows, total = [], cells[-1]
    for row in cells[top + 2 :]:
        if row[0] == "合计":
            total = row
            break
        rows.append(_issued_row(row, at))
    area_header = "面积／其中：耕地面积（亩）"
    stated = str(total[at["图斑编号"]]).removesuffix("个")
    return IssuedBook(str(cells[0][0]), area_header, tuple(rows), int(stated), _decimal(total[at[area_header]]))


def _issued_row(row: list[Any], at: Mapping[str, int]) -> IssuedRow:
    def text(header: str) -> str:
        value = row[at[header]]
        return "" if value is None else str(value)

    return IssuedRow(
        village=text("村"),
        number=text("图斑编号"),
        bsm=text("标识码"),
        class_after=text("流出后／地类名称"),
        area=_decimal(row[at["面积／其中：耕地面积（亩）"]]),
        basic=_decimal(row[at["面积／其中：永久基本农田面积（亩）"]]),
        kind=text("流出类型"),
        remark=text("备注"),
    )


def _decimal(value: Any) -> Decimal:
    """What a cell shows: the shortest decimal that means the stored number."""
    return Decimal(repr(value))


# ---------------------------------------------------------------------------------------------------------- the journal


def replay(ledger: Path, upto: int | None = None) -> Tables:
    """Every journalled table as it stood after an entry, the chain of hashes checked on the way.

    Args:
        ledger: The ledger's folder.
        upto: The last entry that counts; None means all.
    """
    tables: Tables = {}
    with closing(sqlite3.connect(f"{(ledger / 'ledger.gengdi').as_uri()}?mode=ro", uri=True)) as connection:
        previous = "0" * 64
        names = ",".join(_HEADER)
        for expected, (*header, digest) in enumerate(
            connection.execute(f"SELECT {names}, hash FROM journal_entry ORDER BY seq").fetchall(), start=1
        ):
            told = dict(zip(_HEADER, header, strict=True))
            assert (told["seq"], told["previous"]) == (expected, previous)
            assert hashlib.sha256(_canonical(told)).hexdigest() == digest
            bodies = [
                zlib.decompress(body)
                for (body,) in connection.execute(
                    "SELECT body FROM journal_block WHERE seq = ? ORDER BY part", (expected,)
                )
            ]
            whole = b"".join(hashlib.sha256(body).digest() for body in bodies)
            assert hashlib.sha256(whole).hexdigest() == told["changes"]
            previous = digest
            if upto is None or expected <= upto:
                for body in bodies:
                    _apply(tables, json.loads(body))
    return tables


def _canonical(header: Mapping[str, Any]) -> bytes:
    fit = {
        key: unicodedata.normalize("NFC", value) if isinstance(value, str) else value for key, value in header.items()
    }
    return json.dumps(fit, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _apply(tables: Tables, items: list[Any]) -> None:
    for item in items:
        rows = tables.setdefault(item[1], {})
        match item:
            case ["+*", _, names, many]:
                for values in many:
                    assert values[0] not in rows
                    rows[values[0]] = dict(zip(names, values, strict=True))
            case ["+", _, key, fields]:
                assert key not in rows
                rows[key] = {name: new for name, (_old, new) in fields.items()}
            case ["~", _, key, fields]:
                for name, (old, new) in fields.items():
                    assert rows[key].get(name, old) == old
                    rows[key][name] = new
            case ["-", _, key, _]:
                del rows[key]
            case ["-*", _, _, many]:
                for values in many:
                    del rows[values[0]]
            case _:
                raise AssertionError(item)


# -------------------------------------------------------------------------------------------------- both, plot by plot


@dataclass(frozen=True)
class Plot:
    """One plot: issued values from the workbook, everything else from the journal. Words are Chinese, areas in mu."""

    row: IssuedRow
    state: str
    label: str
    kind: str
    checked_on: str
    finding: str
    class_now: str
    party: str
    cause: str
    rectify: int | None
    target: Decimal
    spare_reason: str
    methods: Mapping[str, Decimal]
    disposal: str
    measure: str
    person: str
    deadline: str
    accepted_on: str
    county_accepted_on: str
    closed_on: str
    held: str
    returned: bool
    overdue: bool
    cancelled_by: str
    files: int
    remark: str

    @property
    def area(self) -> Decimal:
        """The issued area."""
        return self.row.area

    @property
    def settled(self) -> Decimal:
        """What all methods have settled."""
        return sum(self.methods.values(), Decimal(0))

    @property
    def remaining(self) -> Decimal:
        """What is left; the issued area while no target was set."""
        return self.target - self.settled if self.target else self.area

    @property
    def spare(self) -> Decimal:
        """What of the issued area needs no rectification."""
        return self.area - self.target if self.spare_reason else Decimal(0)

    @property
    def done(self) -> bool:
        """已整改."""
        return self.label in {"已销号", "整改到位"}

    @property
    def waiting(self) -> bool:
        """未完成: in the task and not done."""
        return not self.done and self.label != "核减"

    @property
    def main_method(self) -> str:
        """The method with the largest area; empty where nothing is settled."""
        best = max(METHODS, key=lambda method: self.methods[method])
        return best if self.methods[best] else ""


@dataclass(frozen=True)
class SecondCount:
    """Everything that a paper of one moment may say."""

    issued: IssuedBook
    tables: Tables
    plots: tuple[Plot, ...]
    today: str

    @property
    def campaign(self) -> Mapping[str, Any]:
        """The campaign's row."""
        (row,) = self.tables["campaign"].values()
        return row

    @property
    def matter(self) -> str:
        """The campaign's name without the county before it."""
        return str(self.campaign["name"]).removeprefix(str(self._ledger["county"]))

    @property
    def unit(self) -> str:
        """The unit's name."""
        return str(self._ledger["unit"])

    @property
    def _ledger(self) -> Mapping[str, Any]:
        (row,) = self.tables["ledger"].values()
        return row

    @property
    def villages(self) -> tuple[str, ...]:
        """The villages in the order of the list."""
        return tuple(dict.fromkeys(plot.row.village for plot in self.plots))

    def of(self, wanted: Callable[[Plot], bool]) -> tuple[Plot, ...]:
        """The plots of which something holds."""
        return tuple(plot for plot in self.plots if wanted(plot))


def second_count(ledger: Path, issued: Path, upto: int | None = None) -> SecondCount:
    """The issued workbook and the replayed journal, put together by 标识码.

    Args:
        ledger: The ledger's folder.
        issued: The issued list.
        upto: The last journal entry that counts; None means all.
    """
    book, tables = read_issued(issued), replay(ledger, upto)
    (campaign,) = tables["campaign"].values()
    assert campaign["done_rule"] == "accepted"
    key_of = {one["value"]: one["plot_id"] for one in tables["identifier"].values() if one["kind"] == "bsm"}
    assert len(tables["plot"]) == len(book.rows) == len(key_of)
    plots = tuple(_plot(row, key_of[row.bsm], tables, campaign) for row in book.rows)
    return SecondCount(book, tables, plots, campaign["as_of"])


def _plot(row: IssuedRow, key: str, tables: Tables, campaign: Mapping[str, Any]) -> Plot:
    plot = tables["plot"][key]
    turn = tables.get("round", {}).get(f"{key}:{plot.get('round', 1)}", {})
    assert not plot.get("split_parent")
    assert plot["state"] != "split"
    state, deadline = plot["state"], turn.get("deadline") or ""
    methods = {method: Decimal(turn.get(method) or 0) / 1_000_000 for method in METHODS}
    held = [one for one in _of(tables, "hold", key) if not one.get("released_on")]
    cancelled = [one for one in _of(tables, "cancellation", key) if not one.get("restored_on")]
    files = [one for one in _of(tables, "attachment", key) if one["round"] == plot.get("round", 1)]
    return Plot(
        row=row,
        state=state,
        label=_label(state, sum(methods.values(), Decimal(0))),
        kind=KINDS[plot["problem_kind"]] if plot.get("problem_kind") else row.kind,
        checked_on=plot.get("checked_on") or "",
        finding=FINDINGS.get(plot.get("finding") or "", ""),
        class_now=plot.get("class_now_name") or "",
        party=plot.get("party") or "",
        cause=plot.get("cause") or "",
        rectify=plot.get("rectify"),
        target=Decimal(turn.get("target") or 0) / 1_000_000,
        spare_reason=turn.get("not_required_reason") or "",
        methods=methods,
        disposal=DISPOSALS.get(turn.get("disposal_class") or "", ""),
        measure=turn.get("measure") or "",
        person=turn.get("person") or "",
        deadline=deadline,
        accepted_on=turn.get("accepted_on") or "",
        county_accepted_on=turn.get("county_accepted_on") or "",
        closed_on=turn.get("closed_on") or "",
        held="".join(f"{HOLDS[one['kind']]}（{one['document_number'] or one['parties']}）" for one in held[-1:]),
        returned=bool(turn.get("returned_on")) and state in _BACK_IN_WORK,
        overdue=state in _OPEN and campaign["as_of"] > (deadline or campaign["hard_deadline"]),
        cancelled_by=cancelled[-1]["document_number"] if cancelled else "",
        files=sum(1 for one in files if not one["removed"]),
        remark=plot.get("remark") or "",
    )


def _of(tables: Tables, table: str, plot: str) -> list[dict[str, Any]]:
    rows = tables.get(table, {})
    return [row for _key, row in sorted(rows.items(), key=lambda one: one[0]) if row["plot_id"] == plot]


def _label(state: str, settled: Decimal) -> str:
    match state:
        case "cancelled":
            return "核减"
        case "closed":
            return "已销号"
        case "accepted" | "county_accepted":
            return "整改到位"
        case "claimed":
            return "待验收"
        case _:
            return "部分整改" if settled > 0 else "未整改"


# ------------------------------------------------------------------------------------------------------ how it is said


def added(plots: Iterable[Plot]) -> Decimal:
    """The issued area of some plots."""
    return sum((plot.area for plot in plots), Decimal(0))


def mu(area: Decimal) -> str:
    """An area as paper prints it: two decimals, half up."""
    return str(area.quantize(Decimal("0.01"), ROUND_HALF_UP))


def share(part: Decimal, whole: Decimal) -> str:
    """A percentage with two decimals, below 100 while anything is left; of nothing there is none."""
    if not whole:
        return "—"
    exact = (part * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(min(exact, Decimal("99.99")) if part < whole else Decimal("100.00"))


def day(iso: str) -> str:
    """2023年8月20日."""
    told = date.fromisoformat(iso)
    return f"{told.year}年{told.month}月{told.day}日"
