"""Commands on packages that come in: receive, conflicts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.how_to import ways
from gengdi_desktop.cli.output import DONE, NOT_SOUND, REFUSED, few, table
from gengdi_desktop.errors import GengdiError, RuleError

if TYPE_CHECKING:
    from gengdi_desktop.consolidation.inbox import Inbox, InboxFile
    from gengdi_desktop.exchange.manifest import Heading
    from gengdi_desktop.handover.service import Arrival, Conflict

_LONGEST_NUMBER = 100
_MOST_NUMBERS = 10_000
_ALL = "all"
_DECIDE = f"裁定：mine 留本单位的，theirs 用对方的；ID 可以写几个（3,5-8），写 {_ALL} 是还没有裁定的全部"
_HEADER = ("序号", "图斑", "项目", "本单位的", "对方的", "来自")
_NOTHING_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("kind", "id", "number", "from", "from_ledger", "created", "signer", "fingerprint", "trusted")),
    "freshness": None,
    "proof": None,
    "plots": dict.fromkeys(("new", "changed", "same", "deleted"), 0),
    "looked": False,
    "stated_plots": None,
    "fields": [],
    "more_fields": 0,
    "refused": [],
    "kept": [],
    "missing_photos": [],
    "problems": [],
    "applied": 0,
    "conflicts": [],
}
"""The keys of a package that was not looked into."""


def configure_receive(parser: Parser) -> None:
    """LEDGER FILE… [--dry-run] [--reason R]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="包 .gdpkg，可以几个；也可以是文件夹或U盘")
    parser.add_argument("--dry-run", action="store_true", help="只看会怎样，不收")
    parser.add_argument("--reason", metavar="原因", help="要写明原因才能收的包，为什么照收；记入台账")


def configure_conflicts(parser: Parser) -> None:
    """LEDGER [--all] [--decide IDS mine|theirs --reason R]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("--all", action="store_true", help="裁定过的也列出")
    parser.add_argument("--decide", nargs=2, metavar=("ID", "WHICH"), help=_DECIDE)
    parser.add_argument("--reason", metavar="理由", help="为什么这样定；裁定时必须写")


# ------------------------------------------------------------------------------------------------------------- receive


def run_receive(context: Context) -> int:
    """Takes packages in, or tells what they would bring."""
    files: list[Path] = context.values.files
    if len(files) == 1 and not files[0].is_dir():
        return _one(context, files[0])
    if context.values.reason:
        raise UsageError("--reason 只用在一个包上。", "receive")
    return _many(context, files)


def _one(context: Context, path: Path) -> int:
    from gengdi_desktop.handover.service import arrival, receive

    values = context.values
    progress = context.out.progress("收包")
    if values.dry_run:
        with context.reading() as ledger:
            found = arrival(ledger, path, progress=progress)
        stopped = next((one for one in found.problems if not (one.with_reason and (values.reason or "").strip())), None)
        data = _told(path, found, found.rows) | {"dry_run": True, "entry": None}
        if stopped is not None:
            return context.out.refusal(RuleError(stopped.code, stopped.message, stopped.hint), data | {"applied": 0})
        context.out.result(data, ["以下是收下后会怎样，现在没有收。", *_lines(found)])
        return DONE
    with context.writing() as (ledger, by):
        try:
            done = receive(ledger, path, by=by, reason=values.reason, progress=progress)
        except RuleError as error:
            return context.out.refusal(error, _refused(context, path, error))
    data = _told(path, done.arrival, done.applied) | {"dry_run": False, "entry": done.changes.seq}
    first = "收下了，记为一步，可以撤销。" if done.applied else "这个包以前收过，台账没有变。"
    context.out.result(data, [first, *_lines(done.arrival)])
    return DONE


def _refused(context: Context, path: Path, error: GengdiError) -> dict[str, Any]:
    """The usual keys of a package that was not taken in."""
    from gengdi_desktop.handover.service import arrival

    with context.reading() as ledger:
        try:
            return _told(path, arrival(ledger, path), 0) | {"dry_run": False, "entry": None}
        except GengdiError:
            return _unknown(path, None, error.code, error.message, error.hint) | {"dry_run": False, "entry": None}


def _unknown(path: Path, heading: Heading | None, code: str, message: str, hint: str) -> dict[str, Any]:
    """The usual keys, of a package of which nothing is known but what it says of itself."""
    said = heading.as_json() if heading is not None else {}
    problem = {"code": code, "message": message, "hint": hint, "with_reason": False}
    return {"file": str(path), **_NOTHING_KNOWN, **said, "problems": [problem] if code else []}


def _told(path: Path, found: Arrival, applied: int) -> dict[str, Any]:
    asked = [
        {"plot": one.plot, "name": one.name, "field": one.label, "mine": one.mine_told, "theirs": one.theirs_told}
        for one in found.conflicts
    ]
    return {"file": str(path), **found.as_json(), "applied": applied, "conflicts": asked}


def _lines(found: Arrival) -> list[str]:
    heading = found.heading
    sender, signed = heading.sender.organ or heading.sender.unit, "已信任" if found.trusted else "还不认识"
    lines = [f"{heading.kind.numbered(heading.number)}，{sender}，{found.signer}签名，{signed}。"]
    if found.proof is not None:
        lines.append(f"办理记录：{found.proof.kind.label}（到第 {found.proof.head_seq} 条）。")
    if found.looked:
        told = f"新增 {found.new} 个图斑，改动 {found.changed} 个，没有变 {found.same} 个，删去 {found.deleted} 个。"
        lines.append(told)
    if found.stated_plots is not None:
        lines.append(f"包里写明 {found.stated_plots} 个图斑；还不认识的人送来的内容太多，没有往下看。")
    if found.conflicts:
        lines.append(f"有 {len(found.conflicts)} 处两边都改过，先留本单位的，等裁定：")
        lines += few(
            [f"  {one.name}　{one.label}：本单位“{one.mine_told}”，对方“{one.theirs_told}”" for one in found.conflicts]
        )
    if found.refused:
        lines.append(f"有 {len(found.refused)} 处没有收：")
        lines += few([f"  {one.name}：{one.message}" for one in found.refused])
    lines += few([f"{one.name}：{one.message}" for one in found.kept])
    if found.missing_photos:
        lines.append(f"有 {len(found.missing_photos)} 张照片还没有收到：")
        lines += few([f"  {one.name}　{one.file_name}" for one in found.missing_photos])
    return lines


def _many(context: Context, files: list[Path]) -> int:
    from gengdi_desktop.consolidation.service import look, take_in

    progress = context.out.progress("收包")
    if context.values.dry_run:
        with context.reading() as ledger:
            found = look(ledger, files, progress=progress)
    else:
        with context.writing() as (ledger, by):
            found = take_in(ledger, files, by=by, progress=progress)
    told = {"packages": [_file_told(one) for one in found.files], "dry_run": context.values.dry_run}
    told["unread"] = [{"folder": str(path), "why": why} for path, why in found.unread]
    told |= {"cut": found.cut, "stopped": found.stopped}
    lines = [
        f"{found.sentence}。",
        *found.remarks,
        *(f"  {_called(one, found)}　{one.sender}{one.label}：{one.sentence}{one.hint}" for one in found.files),
    ]
    if way := ways("receive", (one.code for one in found.files)):
        lines.append(f"怎么做：{way}")
    context.out.result(told, lines)
    return _exit_code(found)


def _called(one: InboxFile, found: Inbox) -> str:
    """A file by its name, by its whole path where another has the same name."""
    alike = sum(other.path.name == one.path.name for other in found.files)
    return one.path.name if alike == 1 else str(one.path)


def _file_told(one: InboxFile) -> dict[str, Any]:
    told = _unknown(one.path, one.heading, one.code, one.sentence, one.hint)
    if one.arrival is not None:
        told = _told(one.path, one.arrival, 0)
    told["applied"] = one.arrival.rows if one.arrival is not None and one.entry is not None else 0
    return told | {"fate": str(one.fate), "code": one.code or None, "message": one.sentence, "entry": one.entry}


def _exit_code(found: Inbox) -> int:
    if not found.stopped and all(one.fate == "elsewhere" for one in found.files):
        return REFUSED
    if found.clean:
        return DONE
    good = any(one.entry is not None or one.fate in {"ready", "again"} for one in found.files)
    return NOT_SOUND if good else REFUSED


# ----------------------------------------------------------------------------------------------------------- conflicts


def run_conflicts(context: Context) -> int:
    """Lists the fields with two values, or decides some."""
    from gengdi_desktop.handover.service import conflicts, decide

    values = context.values
    if values.decide:
        numbers, choice = values.decide
        with context.writing() as (ledger, by):
            chosen = [one.id for one in conflicts(ledger)] if numbers == _ALL else _numbers(numbers)
            changes = decide(ledger, chosen, choice, by=by, reason=values.reason or "")
            left = conflicts(ledger)
        what = f"第 {chosen[0]} 号" if len(chosen) == 1 else f" {len(chosen)} 处，记成一步"
        told = {"decided": chosen, "entry": changes.seq, "open": len(left)}
        context.out.result(told, [f"已裁定{what}，还有 {len(left)} 处没有裁定。"])
        return DONE
    with context.reading() as ledger:
        found = conflicts(ledger, open_only=not values.all)
    lines = [f"没有裁定的冲突 {sum(one.status == 'open' for one in found)} 处。"]
    if found:
        lines += table(_HEADER, [_cells(one) for one in found])
        lines += ["", "各是谁写的：", *few(_hand(one) for one in found)]
    context.out.result({"conflicts": [one.as_json() for one in found]}, lines)
    return DONE


def _numbers(written: str) -> list[int]:
    """The numbers of 3 or 3,5-8, each once."""
    found: dict[int, None] = {}
    for part in written.replace("，", ",").split(","):
        first, _, last = part.strip().partition("-")
        ends = [first, last or first]
        readable = all(end.isdecimal() and len(end) <= _LONGEST_NUMBER for end in ends)
        if not readable or int(ends[0]) > int(ends[1]):
            raise UsageError(f"“{written}”不是冲突的序号。", "conflicts")
        start, stop = map(int, ends)
        if stop - start >= _MOST_NUMBERS:
            raise UsageError(
                f"“{part.strip()}”一次太多了，最多 {_MOST_NUMBERS} 处。要全部裁定，写 {_ALL}。", "conflicts"
            )
        found.update(dict.fromkeys(range(start, stop + 1)))
    return list(found)


def _cells(one: Conflict) -> tuple[str, ...]:
    status = "" if one.status == "open" else f"（{one.status.label}）"
    return str(one.id), one.name, one.label, one.mine, one.theirs, f"{one.sender}{status}"


def _hand(one: Conflict) -> str:
    """Who wrote either value, and when: whom to ask."""
    hand = one.hand
    mine = f"{hand.actor} {_day(hand.at)} {hand.action}" if hand is not None else "办理记录里查不到是谁写的"
    return f"  {one.id}　本单位：{mine}；对方：{one.sender} {_day(one.packed)} {one.package_told}"


def _day(at: str) -> str:
    """The day here of a moment."""
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d}"
