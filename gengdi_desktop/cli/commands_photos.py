"""The command for many photos: a folder in, the tray, a folder out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError, whole_number
from gengdi_desktop.cli.conditions import asks_for_evidence, conditions
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, NOT_SOUND, few
from gengdi_desktop.domain.choices import Stage
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.evidence.taking_in import TakenFile, TakenIn, TakingIn


def configure_photos(parser: Parser) -> None:
    """LEDGER (FOLDER [--stage] [--no-position] [--dry-run] | --tray … | --of PLOT … | --bin … | --export OUT …)."""
    parser.takes_ledger(writes=True)
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="放照片的文件夹；里面的文件不会被改动")
    parser.takes_choice("--stage", Stage, "名称里没有写明环节的照片算哪个环节")
    parser.add_argument("--no-position", action="store_true", help="只按名称对图斑，不按拍摄位置对")
    parser.add_argument("--dry-run", action="store_true", help="只看结果，不收")
    parser.add_argument("--tray", action="store_true", help="列出待归位的文件和它们的序号")
    parser.add_argument(
        "--place", metavar="序号", nargs="+", type=whole_number, help="把待归位的文件附到 --plot 的 --stage"
    )
    parser.add_argument("--plot", metavar="PLOT", help="和 --place 一起用：附到哪个图斑")
    parser.add_argument(
        "--discard", metavar="序号", nargs="+", type=whole_number, help="待归位的文件不要了，加 --reason"
    )
    parser.add_argument("--of", metavar="PLOT", help="列出一个图斑的文件和它们的序号")
    parser.add_argument(
        "--remove", metavar="序号", nargs="+", type=whole_number, help="图斑的文件放进回收站，加 --reason"
    )
    parser.add_argument("--bin", action="store_true", help="列出回收站里的文件")
    parser.add_argument("--put-back", metavar="序号", nargs="+", type=whole_number, help="从回收站放回")
    parser.add_argument("--reason", metavar="原因", default="", help="和 --discard、--remove 一起用")
    parser.add_argument("--export", metavar="OUT", type=Path, help="按村导出照片和目录到这个文件夹")
    parser.takes_conditions("和 --export 一起用：只导出这些图斑")


def run_photos(context: Context) -> int:
    """Takes a folder of photos in, or does what one of the options says with photos that are there."""
    values = context.values
    ways = {
        "folder": _take_in,
        "tray": _tell_tray,
        "place": _place,
        "discard": _discard,
        "of": _tell_plot,
        "remove": _remove,
        "bin": _tell_bin,
        "put_back": _put_back,
        "export": _export,
    }
    asked = [way for name, way in ways.items() if getattr(values, name)]
    if len(asked) != 1:
        said = "还没有写放照片的文件夹。" if not asked else "一次只能办一样：收文件夹，或者其中一个选项。"
        raise UsageError(said, "photos")
    return asked[0](context)


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


# ------------------------------------------------------------------------------------------------- the tray and the bin


def _tell_tray(context: Context) -> int:
    from gengdi_desktop.evidence.tray.service import waiting

    with context.reading() as ledger:
        files = waiting(ledger)
    data = [
        {
            "id": one.id,
            "file": f"{one.source}/{one.name}" if one.source else one.name,
            "sha256": one.sha256,
            "stage": str(one.stage) if one.stage else None,
            "why": one.why,
            "arrived_on": one.arrived_on.isoformat(),
        }
        for one in files
    ]
    lines = [f"{len(files)}个文件待归位。", *few(f"  {one['id']}　{one['file']}　{one['why']}" for one in data)]
    context.out.result({"waiting": data}, lines)
    return DONE


def _place(context: Context) -> int:
    from gengdi_desktop.evidence.tray.service import place
    from gengdi_desktop.ledger.find import find_plot

    values = context.values
    if values.plot is None or values.stage is None:
        raise UsageError("附到哪个图斑用 --plot 写，哪个环节用 --stage 写。", "photos")
    with context.writing() as (ledger, by):
        changes = place(ledger, values.place, find_plot(ledger, values.plot), values.stage, by=by)
    context.out.result({"entry": changes.seq}, [f"已附上{len(set(values.place))}个文件（{values.stage.label}）。"])
    return DONE


def _discard(context: Context) -> int:
    from gengdi_desktop.evidence.tray.service import discard

    values = context.values
    with context.writing() as (ledger, by):
        changes = discard(ledger, values.discard, by=by, reason=values.reason)
    context.out.result({"entry": changes.seq}, [f"{len(set(values.discard))}个文件不再待归位，可以撤销。"])
    return DONE


def _tell_plot(context: Context) -> int:
    from gengdi_desktop.evidence.service import attachments
    from gengdi_desktop.ledger.find import find_plot

    with context.reading() as ledger:
        files = attachments(ledger, find_plot(ledger, context.values.of))
    data = [
        {"id": one.id, "stage": str(one.stage), "name": one.name, "sha256": one.sha256, "round": one.round}
        for one in files
    ]
    lines = [f"{len(files)}个文件。", *(f"  {one.id}　{one.stage.label}　{one.name}" for one in files)]
    context.out.result({"files": data}, lines)
    return DONE


def _remove(context: Context) -> int:
    from gengdi_desktop.evidence.bin.service import remove

    values = context.values
    with context.writing() as (ledger, by):
        changes = remove(ledger, values.remove, by=by, reason=values.reason)
    context.out.result({"entry": changes.seq}, [f"{len(set(values.remove))}个文件放进了回收站，可以放回。"])
    return DONE


def _tell_bin(context: Context) -> int:
    from gengdi_desktop.evidence.bin.service import removed

    with context.reading() as ledger:
        lying = removed(ledger)
    data = [
        {
            "id": one.attachment.id,
            "plot": one.attachment.plot,
            "stage": str(one.attachment.stage),
            "name": one.attachment.name,
            "sha256": one.attachment.sha256,
            "on": one.on.isoformat() if one.on else None,
            "reason": one.reason,
        }
        for one in lying
    ]
    lines = [f"回收站里有{len(lying)}个文件。"]
    lines += few(f"  {one['id']}　{one['on'] or ''}　{one['name']}　{one['reason']}" for one in data)
    context.out.result({"removed": data}, lines)
    return DONE


def _put_back(context: Context) -> int:
    from gengdi_desktop.evidence.bin.service import put_back

    values = context.values
    with context.writing() as (ledger, by):
        changes = put_back(ledger, values.put_back, by=by)
    context.out.result({"entry": changes.seq}, [f"已放回{len(set(values.put_back))}个文件。"])
    return DONE


# --------------------------------------------------------------------------------------------------------------- export


def _export(context: Context) -> int:
    from gengdi_desktop.evidence.sending import export_photos
    from gengdi_desktop.evidence.verdicts.service import fitting
    from gengdi_desktop.ledger.queries import PlotQuery

    values = context.values
    asked = conditions(values.where)
    with context.reading(keeping=asks_for_evidence(asked)) as ledger:
        plots = fitting(ledger, PlotQuery(conditions=asked)) if asked else None
        done = export_photos(ledger, values.export, plots, context.out.progress("导出照片"))
    data = {
        "folder": str(done.folder),
        "index": str(done.index),
        "written": list(done.written),
        "kept": list(done.kept),
        "faults": list(done.faults),
    }
    lines = [f"已导出{len(done.written)}个文件到 {done.folder}，目录是 {done.index.name}。"]
    lines += [f"{len(done.kept)}个本来就在，没有重写。"] if done.kept else []
    lines += (
        [f"{len(done.faults)}个在台账里缺失或损坏，没有导出：", *few(f"  {one}" for one in done.faults)]
        if done.faults
        else []
    )
    context.out.result(data, lines)
    return NOT_SOUND if done.faults else DONE
