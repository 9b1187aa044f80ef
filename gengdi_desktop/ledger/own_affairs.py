"""Entries about the ledger itself in words: members, campaign, phases, papers, certificates; no plot is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.domain.people import Role
from gengdi_desktop.ledger.plot_sentences import Diff, new_value
from gengdi_desktop.ledger.sample_sentences import of_sample
from gengdi_desktop.ledger.words import CAMPAIGN_FIELDS, PHASE_FIELDS, shown
from gengdi_desktop.storage.journal import Value
from gengdi_desktop.storage.layout import layout

NameOf = Callable[[str, int | str], str]
"""The name that a row of a table bears now; empty where it is gone."""

OPERATIONS = frozenset(
    {
        *(Operation.MEMBER, Operation.CAMPAIGN, Operation.TRUST, Operation.DISTRUST, Operation.IDENTITY),
        *(Operation.FRAME, Operation.DRAW),
    }
)
"""The entries that are told here."""

_PAPER = {
    "recipient": "主送",
    "copy_to": "抄送",
    "number_prefix": "机关代字",
    "issued_by": "签发人",
    "contact": "联系人",
    "contact_phone": "联系电话",
}
_MEMBER = {"name": "姓名", "role": "角色", "title": "职务", "office_phone": "办公电话"}
_ROLES = {one.value: one.label for one in Role}


def parts(changes: Iterable[tuple[str, str, int | str, Diff]], name_of: NameOf) -> list[str]:
    """What the changes of an entry did, each as a clause; rows of other tables are left out.

    Args:
        changes: Row changes as the journal unfolds them.
        name_of: Finds the names of rows that a change does not name itself.
    """
    told: list[str] = []
    for op, table, key, diff in changes:
        tell = _TELLERS.get(table)
        if tell is not None:
            told += tell(op, diff, name_of(table, key))
    return list(dict.fromkeys(told))


def _members(op: str, diff: Diff, now: str) -> Iterator[str]:
    name = _either(diff, "name") or now
    if op == "+":
        role = _ROLES.get(str(new_value(diff, "role")), "")
        yield f"增加{name}（{role}）"
        return
    if op == "-":
        yield f"去掉{name}"
        return
    if "active" in diff:
        yield f"恢复{name}" if new_value(diff, "active") else f"停用{name}"
    yield from _fields("member", diff, _MEMBER, f"{name}的")


def _campaign(op: str, diff: Diff, _now: str) -> Iterator[str]:
    if op == "-":
        yield "去掉专项行动"
    else:
        yield from _fields("campaign", diff, CAMPAIGN_FIELDS, "")


def _phases(op: str, diff: Diff, now: str) -> Iterator[str]:
    name = f"“{_either(diff, 'name') or now}”"
    if op == "-":
        yield f"去掉{name}"
    elif op == "+":
        window = (
            shown("phase", key, new_value(diff, key)) for key in ("window_start", "window_end") if new_value(diff, key)
        )
        days = "至".join(window)
        yield f"增加{name}{f'（{days}）' if days else ''}"
    else:
        yield from _fields("phase", diff, PHASE_FIELDS, f"{name}的")


def _papers(op: str, diff: Diff, _now: str) -> Iterator[str]:
    if op != "-":
        yield from _fields("paper_setting", diff, _PAPER, "报告的")


def _signers(op: str, diff: Diff, now: str) -> Iterator[str]:
    role = str(_either(diff, "role") or "")
    if op == "~" and "name" in diff:
        yield f"签名人由“{diff['name'][0]}”改为“{diff['name'][1]}”"
    elif op == "~" and "role" in diff:
        yield f"签名人{now}的角色由“{diff['role'][0]}”改为“{diff['role'][1]}”"
    elif op != "~":
        yield f"{'增加' if op == '+' else '去掉'}签名人{role}{_either(diff, 'name') or ''}"


def _rules(op: str, diff: Diff, now: str) -> Iterator[str]:
    if op == "-":
        yield "证据规则换回程序自带的"
    elif {"value", "version"} & set(diff):
        source = f"（{new_value(diff, 'source')}）" if new_value(diff, "source") else ""
        yield f"证据规则换成 {new_value(diff, 'version') or now} 版{source}"


def _certificates(_op: str, diff: Diff, now: str) -> Iterator[str]:
    yield str(_either(diff, "subject") or now)


def _reports(_op: str, diff: Diff, now: str) -> Iterator[str]:
    yield str(_either(diff, "title") or now)


_TELLERS: Mapping[str, Callable[[str, Diff, str], Iterator[str]]] = {
    "member": _members,
    "campaign": _campaign,
    "phase": _phases,
    "paper_setting": _papers,
    "paper_signer": _signers,
    "rule": _rules,
    "certificate": _certificates,
    "report": _reports,
    "sample": of_sample,
}
NAMED_BY: Mapping[str, str] = {
    "member": "name",
    "phase": "name",
    "paper_signer": "name",
    "rule": "version",
    "certificate": "subject",
    "report": "title",
    "sample": "name",
}
"""The column that names a row of a table."""


def _fields(table: str, diff: Diff, words: Mapping[str, str], whose: str) -> Iterator[str]:
    for name in layout(table).names:
        if name not in diff or name not in words or diff[name][0] == diff[name][1]:
            continue
        old, new = (_value(table, name, value) for value in diff[name])
        if diff[name][0] in {None, ""}:
            if diff[name][1] not in {None, ""}:
                yield f"{whose}{words[name]}：{new}"
        else:
            yield f"{whose}{words[name]}由“{old}”改为“{new}”"


def _value(table: str, name: str, value: Value) -> str:
    return _ROLES.get(str(value), str(value)) if (table, name) == ("member", "role") else shown(table, name, value)


def _either(diff: Diff, name: str) -> Value:
    """The new value, of a row that goes the old one."""
    old, new = diff.get(name, [None, None])
    return new if new is not None else old
