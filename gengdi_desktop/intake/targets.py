"""Which list of the ledger a file belongs to: a new one, one that it repeats, or a new issue of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.errors import RuleError
from gengdi_desktop.intake.previews import ImportOptions, TargetList
from gengdi_desktop.intake.view import KnownList, LedgerView

_LONGEST_NAME = 80
_NAMES_A_LIST = re.compile(r"清单|台账|图斑|明细|汇总|[表册]\s*(?:[（(].*[)）])?$")
_SATELLITE = re.compile(r"卫片|遥感监测|违法")
_OTHERS = (
    (re.compile(r"督察"), ListKind.INSPECTION),
    (re.compile(r"补充耕地"), ListKind.SUPPLEMENT),
    (re.compile(r"永农非耕|永久基本农田.*非耕地"), ListKind.BASIC_NOT_CULTIVATED),
    (re.compile(r"自查新增|预流出"), ListKind.SELF_FOUND),
    (re.compile(r"流出"), ListKind.OUTFLOW),
)


def list_title(lines: Sequence[str]) -> str:
    """The line above a table that names it: not “附件2”, not “样例数据”."""
    named = [line for line in lines if _NAMES_A_LIST.search(line)]
    return next(iter(named), max(lines, key=len, default=""))


@dataclass(frozen=True, slots=True)
class Target:
    """The list that rows go to, with the issues before it.

    Args:
        list: The list.
        issues: The issues that it continues, oldest first; the list itself where it is repeated.
    """

    list: TargetList
    issues: tuple[KnownList, ...]


def target_list(
    view: LedgerView, options: ImportOptions, *, title: str, stem: str, sha256: str, today: date, overlaps: bool
) -> Target:
    """Say which list the file is.

    Args:
        view: The ledger.
        options: What a person says.
        title: Title of the table; may be empty.
        stem: Name of the file without its ending.
        sha256: Hash of the file.
        today: For the name of a new issue.
        overlaps: Whether a row of the file means a plot of the list with the same name.

    Raises:
        RuleError: ``unknown_list``.
    """
    name = (options.name or _as_name(title) or stem)[:_LONGEST_NAME]
    if options.reissue_of is not None:
        return _new_issue(view, options, name, sha256, today)
    same_file = next((one for one in view.lists if one.sha256 == sha256 and options.name in {None, one.name}), None)
    known = same_file or view.named(name)
    if known is not None and (same_file is not None or overlaps or options.name is not None):
        kind = options.kind or known.kind
        return Target(TargetList(known.id, known.name, kind, known.reissue_of, same_file is not None), (known,))
    kind = options.kind or _kind_of(f"{title}{stem}")
    return Target(TargetList(None, _free_name(view, name), kind), ())


def _new_issue(view: LedgerView, options: ImportOptions, name: str, sha256: str, today: date) -> Target:
    said = (options.reissue_of or "").strip()
    known = view.named(said)
    if known is None:
        names = "、".join(f"“{one.name}”" for one in view.lists) or "（还没有清单）"
        message = f"台账里没有叫“{said}”的清单，没有导入，台账没有变。"
        raise RuleError("unknown_list", message, f"台账里的清单：{names}。")
    chain = view.chain_of(known)
    last = chain[-1]
    if last.sha256 == sha256 and len(chain) > 1:
        return Target(TargetList(last.id, last.name, last.kind, last.reissue_of, same_file=True), chain)
    if view.named(name) is not None:
        name = f"{name}（{today.isoformat()}重新下发）"
    target = TargetList(None, _free_name(view, name), options.kind or last.kind, last.id)
    return Target(target, chain)


def _as_name(title: str) -> str:
    return "".join(title.split())


def _free_name(view: LedgerView, name: str) -> str:
    taken = {one.name for one in view.lists}
    number = 2
    found = name
    while found in taken:
        found = f"{name}（{number}）"
        number += 1
    return found


def _kind_of(text: str) -> ListKind:
    """The kind that a title says; outflow where it says none, since that is what campaigns issue."""
    if "流出" not in text and _SATELLITE.search(text):
        return ListKind.SATELLITE
    return next((kind for pattern, kind in _OTHERS if pattern.search(text)), ListKind.OUTFLOW)
