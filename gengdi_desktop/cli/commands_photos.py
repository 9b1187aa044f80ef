"""The command for many photos: a folder in, the tray, a folder out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, few
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.evidence.taking_in import TakenFile, TakenIn, TakingIn


def configure_photos(parser: Parser) -> None:
    """LEDGER FOLDER [--stage] [--no-position] [--dry-run]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="放照片的文件夹；里面的文件不会被改动")
    parser.takes_choice("--stage", Stage, "名称里没有写明环节的照片算哪个环节")
    parser.add_argument("--no-position", action="store_true", help="只按名称对图斑，不按拍摄位置对")
    parser.add_argument("--dry-run", action="store_true", help="只看结果，不收")


def run_photos(context: Context) -> int:
    """Takes a folder of photos in; what no plot is known for waits in the tray."""
    if context.values.folder is None:
        raise UsageError("还没有写放照片的文件夹。", "photos")
    return _take_in(context)


def _take_in(context: Context) -> int:
    from gengdi_desktop.evidence.taking_in import TakeOptions, preview, run

    values = context.values
    options = TakeOptions(stage=values.stage, by_position=not values.no_position)
    reading = context.out.progress("读照片")
    if values.dry_run:
        with context.reading() as ledger:
            taking = preview(ledger, [values.folder], options, reading)
        return _tell(context, taking, None)
    with context.writing() as (ledger, by):
        taking = preview(ledger, [values.folder], options, reading)
        if not taking.matched and not taking.unmatched:
            return _nothing(context, taking)
        done = run(ledger, taking, by=by, progress=context.out.progress("收照片"))
    return _tell(context, taking, done)


def _nothing(context: Context, taking: TakingIn) -> int:
    hint = "请核对文件夹；照片用 JPEG、PNG、HEIC，扫描件用 PDF。"
    for line in [] if context.out.as_json else few(one.message for one in taking.refused):
        context.out.note(line)
    error = RuleError("no_photos", "文件夹里没有能收的照片，台账没有变。", hint)
    return context.out.refusal(error, _data(taking, None))


def _tell(context: Context, taking: TakingIn, done: TakenIn | None) -> int:
    data = _data(taking, done)
    new = [one for one in taking.matched if not one.already]
    there = len(taking.matched) - len(new)
    verb = "可收" if done is None else "已收"
    lines = [
        f"{verb}{len(new)}个文件，附到{len({one.plot for one in new})}个图斑"
        + (f"；另有{there}个本来就在，没有重复收。" if there else "。"),
    ]
    if taking.unmatched:
        lines.append(f"{len(taking.unmatched)}个没有对上图斑或环节，放在待归位里：")
        lines += few(f"  {one.found.file}　{one.how}" for one in taking.unmatched)
    if data["refused"]:
        lines.append(f"{len(data['refused'])}个没有收：")
        lines += few(f"  {one['file']}　{one['message']}" for one in data["refused"])
    if taking.suspect:
        lines.append(f"{len(taking.suspect)}处要留意：")
        lines += few(f"  {one.file}　{one.message}" for one in taking.suspect)
    context.out.result(data, lines)
    return DONE


def _data(taking: TakingIn, done: TakenIn | None) -> dict[str, Any]:
    refused = taking.refused if done is None else done.refused
    gone = {one.file for one in refused}
    matched = [one for one in taking.matched if one.found.file not in gone]
    unmatched = [one for one in taking.unmatched if one.found.file not in gone]
    return {
        "entry": done.changes.seq if done is not None else None,
        "attached": [_file(one, taking) | {"already": one.already} for one in matched],
        "unmatched": [
            _file(one, taking) | {"code": one.code, "message": one.how, "candidates": list(one.candidates)}
            for one in unmatched
        ],
        "refused": [{"file": one.file, "code": one.code, "message": one.message} for one in refused],
        "suspect": [{"file": one.file, "code": one.code, "message": one.message} for one in taking.suspect],
    }


def _file(one: TakenFile, taking: TakingIn) -> dict[str, Any]:
    return {
        "file": one.found.file,
        "sha256": one.sha256,
        "plot": one.plot or None,
        "name": taking.names.get(one.plot),
        "stage": str(one.stage) if one.stage is not None else None,
        "how": one.how,
    }
