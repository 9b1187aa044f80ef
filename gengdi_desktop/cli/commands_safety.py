"""Commands that keep a ledger safe: check, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, NOT_SOUND
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.system.files import telling

if TYPE_CHECKING:
    from gengdi_desktop.ledger.check import StatedHead


def configure_check(parser: Parser) -> None:
    """LEDGER [--against REPORT.pdf] [--repair]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("--against", metavar="REPORT.pdf", type=Path, help="再按这份报告里记下的办理记录核对")
    parser.add_argument("--repair", action="store_true", help="先整理：没有登记的文件移到一边，缺的找回，补记照片信息")


def configure_backup(parser: Parser) -> None:
    """LEDGER [DIR] [--full]."""
    parser.takes_ledger()
    parser.add_argument("directory", metavar="DIR", nargs="?", type=Path, help="另存到哪个文件夹；不写就存在台账里")
    parser.add_argument("--full", action="store_true", help="照片和文书也放进备份")


def configure_restore(parser: Parser) -> None:
    """BACKUP LEDGER."""
    parser.add_argument("backup", metavar="BACKUP", type=Path, help="备份文件 .gdbak")
    parser.add_argument("ledger", metavar="LEDGER", type=Path, help="恢复成哪个新文件夹")
    parser.add_argument("--overwrite", action="store_true", help="退回到备份那时：恢复到同一本台账自己的文件夹里")


def run_check(context: Context) -> int:
    """Checks everything: the file, the chain, the replay, the stored files, a report that was handed up."""
    from gengdi_desktop.ledger.check import check

    against = _stated_head(context.values.against) if context.values.against else None
    repaired = _repair(context) if context.values.repair else {}
    with context.reading() as ledger:
        found = check(ledger, against, context.out.progress("核对文件"))
    data: dict[str, Any] = {
        "ok": found.ok,
        "schema": found.schema,
        "journal": {"entries": found.entries, "head": found.head},
        "replay": found.replayed,
        "files": found.files,
        "problems": [asdict(problem) for problem in found.problems],
        "notes": [asdict(note) for note in found.notes],
        **repaired,
    }
    verdict = f"台账完好：{found.entries}条办理记录、{found.files}个文件都核对无误。"
    if not found.ok:
        verdict = f"台账有{len(found.problems)}处对不上，先不要再用它报送。请从备份恢复，或联系维护人员。"
    lines = [verdict, *(f"问题：{problem.message}" for problem in found.problems)]
    lines += [f"说明：{note.message}" for note in found.notes]
    context.out.result(data, lines)
    return DONE if found.ok else NOT_SOUND


def _repair(context: Context) -> dict[str, Any]:
    """Sets the files of the evidence in order before they are checked; nothing is deleted."""
    from gengdi_desktop.evidence.repair import repair
    from gengdi_desktop.ledger.loose_files import SET_ASIDE

    with context.writing() as (ledger, by):
        done = repair(ledger, by=by, progress=context.out.progress("整理照片"))
    aside, back = done.tidied.set_aside, done.tidied.brought_back
    told = [f"{len(aside)}个没有登记的文件移到了 backups/{SET_ASIDE}，没有删除。"] if aside else []
    told += [f"找回了{len(back)}个缺的文件。"] if back else []
    told += [f"补记了{done.noted}张照片的拍摄信息。"] if done.noted else []
    for line in told or ["没有要整理的。"]:
        context.out.note(line)
    return {"repaired": {"set_aside": list(aside), "brought_back": list(back), "noted": done.noted}}


def run_backup(context: Context) -> int:
    """Makes a checked copy, in the ledger's folder or another place."""
    from gengdi_desktop.ledger import backup

    values = context.values
    if values.directory is not None and not values.directory.is_dir():
        # A folder that is made here may lie under a stick that is not plugged in: the copy would be on the same disk.
        hint = "请插好盘，或先建好文件夹，再备份。"
        raise SurroundingsError("not_found", f"找不到文件夹“{values.directory}”，没有备份。台账没有变。", hint)
    with context.reading() as ledger:
        places = [values.directory] if values.directory else []
        if ledger.info.backup_place and not places:
            places = [ledger.folder.part("backups"), Path(ledger.info.backup_place)]
        made = backup.make(ledger.folder, ledger.info.name, context.clock, places=tuple(places), full=values.full)
    data = {
        "file": str(made.file),
        "sha256": made.sha256,
        "size": made.size,
        "copies": [str(copy) for copy in made.copies],
        "ok": True,
    }
    lines = [f"已备份并核对：{made.file}", *(f"另存一份：{copy}" for copy in made.copies)]
    context.out.result(data, lines)
    return DONE


def run_restore(context: Context) -> int:
    """Brings a backup back as a ledger folder."""
    from gengdi_desktop.ledger import backup
    from gengdi_desktop.ledger.folder import LedgerFolder

    values = context.values
    with telling(values.ledger):
        there = LedgerFolder.of(values.ledger).database.exists()
    if there and not values.overwrite:
        hint = "请换一个新的文件夹；确定要退回到备份那时，加 --overwrite，现在的数据库会另留一份“恢复前”。"
        raise RuleError("file_exists", f"“{values.ledger}”里已经有一本台账，没有恢复，台账没有变。", hint)
    restored = backup.restore(values.backup, values.ledger, context.clock)
    data = {"ledger": str(restored.folder), "ok": not restored.missing, "missing": list(restored.missing)}
    lines = [f"已恢复到：{restored.folder}"]
    if there:
        lines.append("原来的数据库留在台账的 backups 里，名字带“恢复前”。")
    if restored.missing:
        lines.append(f"有{len(restored.missing)}个文件备份里没有，请从原来的台账文件夹找回：")
        lines += [f"  {name}" for name in restored.missing]
    context.out.result(data, lines)
    return DONE if not restored.missing else NOT_SOUND


def _stated_head(report: Path) -> StatedHead:
    from gengdi_desktop.reports.service import stated_head

    return stated_head(report)
