"""Commands that take tables in: import, progress."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, day, row_range, whole_number
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, few
from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.domain.choices import ListKind
from gengdi_desktop.errors import RuleError
from gengdi_desktop.system.files import opened

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.domain.tie_out import TieOut
    from gengdi_desktop.intake.mapping import ColumnChoice
    from gengdi_desktop.intake.previews import ImportOptions, ImportOutcome
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.progress.service import ProgressOutcome
    from gengdi_desktop.sheets.problems import Problem

_LARGEST_COLUMNS_FILE = 256 * 1024


def configure_import(parser: Parser) -> None:
    """LEDGER LIST [--outlines] [--sheet] [--columns] [--name] [--reissue-of] [--expect-…] [--dry-run] [--partial]."""
    parser.takes_ledger(writes=True)
    parser.add_argument(
        "list",
        metavar="LIST",
        type=Path,
        help="清单：表格 .xlsx .xls .ods .et .csv，图形 .shp .zip .gpkg .gdb .geojson .kml .kmz",
    )
    _takes_layout(parser)
    parser.add_argument("--outlines", action="store_true", help="只给台账里已有的图斑补边界，别的都不动")
    parser.add_argument("--header", metavar="行", type=row_range, help="表头是第几行，例如 3 或 3-4；认不出时才用写")
    parser.add_argument("--name", metavar="清单名", help="这份清单在台账里叫什么；不写就用表题")
    parser.takes_choice("--kind", ListKind, "清单类型")
    parser.add_argument("--reissue-of", metavar="清单名", help="这是哪份清单的重新下发")
    parser.add_argument("--expect-count", metavar="N", type=whole_number, help="通知里写的图斑个数")
    parser.add_argument("--expect-area", metavar="亩", help="通知里写的面积")
    _takes_modes(parser)


def configure_progress(parser: Parser) -> None:
    """LEDGER SHEET [--date] [--sheet] [--columns] [--accept-smaller] [--dry-run] [--partial]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("file", metavar="SHEET", type=Path, help="村里报来的进展表")
    parser.add_argument("--date", metavar="日期", type=day, help="填报日期；表上写了就不用写")
    _takes_layout(parser)
    parser.add_argument("--accept-smaller", action="store_true", help="已整改面积比上次小也照录")
    _takes_modes(parser)


def run_import(context: Context) -> int:
    """Takes an issued list in, or says what that would do."""
    from gengdi_desktop.intake import service
    from gengdi_desktop.intake.previews import ImportOptions, problem_of

    values = context.values
    options = ImportOptions(
        sheet=values.sheet,
        header_rows=values.header,
        columns=_columns(values.columns),
        name=values.name,
        kind=values.kind,
        reissue_of=values.reissue_of,
        expect_count=values.expect_count,
        expect_area=Area.parse(values.expect_area) if values.expect_area else None,
    )
    if values.outlines:
        return _run_outlines(context, options)
    with (
        _acting(context) as (ledger, by),
        service.preview(ledger, values.list, options, context.out.progress("读取")) as found,
    ):
        outcome = service.run(ledger, found, by=by, partial=values.partial, dry_run=values.dry_run)
    data = outcome.as_json()
    if outcome.error is not None:
        error = RuleError(*outcome.error)
        apart = [one for one in outcome.problems if one.message not in error.message]
        _tell_problems(context, [problem_of(values.list, one) for one in apart])
        return context.out.refusal(error, data)
    lines = [_import_sentence(outcome, dry_run=values.dry_run)]
    if outcome.tie is not None and outcome.tie.exact:
        lines.append(f"与通知一致：{_expected(outcome.tie)}。")
    lines += [f"跳过{count}行：{_skip_word(reason)}" for reason, count in outcome.skipped_reasons.items()]
    if outcome.unentered:
        lines.append(f"有{outcome.unentered}行留作“未入账”。")
    if outcome.vanished:
        which = "，看是哪些：gengdi plots 台账 --where 新清单未列=是" if outcome.committed else ""
        lines.append(f"有{outcome.vanished}个图斑新清单里没有列，都还留在台账里{which}。")
    lines += few(problem_of(values.list, one) for one in (*outcome.problems, *outcome.notes))
    context.out.result(data, lines)
    return DONE


def _run_outlines(context: Context, options: ImportOptions) -> int:
    """Gives plots of the ledger their outlines, or says what that would do."""
    from gengdi_desktop.intake.adding_outlines import OutlineFate, add_outlines, preview_outlines
    from gengdi_desktop.intake.previews import problem_of

    values = context.values
    with (
        _acting(context) as (ledger, by),
        preview_outlines(ledger, values.list, options, context.out.progress("读取")) as found,
    ):
        entry = None if values.dry_run or not found.outlines else add_outlines(ledger, found, by=by).seq
        data = found.as_json(entry=entry, committed=entry is not None)
    words = {
        OutlineFate.ADDED: "补上",
        OutlineFate.REPLACED: "换成新的",
        OutlineFate.UNCHANGED: "和台账里的一样",
        OutlineFate.WITHOUT: "没有可用的图形",
        OutlineFate.SKIPPED: "不是本台账的",
        OutlineFate.UNMATCHED: "在台账里找不到",
    }
    counted = [f"{word}{found.count(fate)}个" for fate, word in words.items() if found.count(fate)]
    lines = [
        f"{'将补边界' if values.dry_run else '已补边界'}：文件里有{len(found.fates)}个图斑，{'，'.join(counted)}。"
    ]
    lines += few(problem_of(values.list, one) for one in (*found.problems, *found.notes))
    context.out.result(data, lines)
    return DONE


def run_progress(context: Context) -> int:
    """Takes the progress in that villages report, or says what that would do."""
    from gengdi_desktop.intake.previews import problem_of
    from gengdi_desktop.phases.progress.service import (
        ProgressOptions,
        ProgressOutcome,
        progress_preview,
        progress_run,
    )

    values = context.values
    options = ProgressOptions(
        on_date=values.date,
        sheet=values.sheet or "",
        columns=_columns(values.columns),
        accept_smaller=values.accept_smaller,
    )
    with _acting(context) as (ledger, by):
        found = progress_preview(ledger, values.file, options, by=by, progress=context.out.progress("核对"))
        if values.dry_run:
            outcome = ProgressOutcome(found, committed=False, plots=(), changes=Changes())
        else:
            outcome = progress_run(ledger, found, by=by, partial=values.partial, progress=context.out.progress("录入"))
    data = _progress_object(outcome)
    if found.refused and not values.partial:
        good = found.rows - found.refused
        message = f"有{found.refused}行有问题，没有录入，台账没有变。别的{good}行没有问题。"
        _tell_problems(context, [problem_of(values.file, one) for one in (*found.problems, *found.notes)])
        error = RuleError("rows_refused", message, "请在原表改好再录；也可以先录没有问题的行。")
        return context.out.refusal(error, data)
    word = "将录入" if values.dry_run else "已录入"
    lines = [
        f"{word}{found.imported}行，与台账相同{found.duplicates}行，跳过{found.skipped}行，有问题{found.refused}行。"
    ]
    lines += [f"表内自报（没有照办）：{one.plot}　{_claims(one.claims)}" for one in found.self_reported]
    lines += few(problem_of(values.file, one) for one in (*found.problems, *found.notes))
    context.out.result(data, lines)
    return DONE


def _takes_layout(parser: Parser) -> None:
    parser.add_argument("--sheet", metavar="工作表", help="只读这一张工作表")
    parser.add_argument("--columns", metavar="FILE", type=Path, help="列怎样对应，JSON 或 TOML：列号、表头 = 字段")


def _takes_modes(parser: Parser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="只看结果，什么都不写")
    parser.add_argument("--partial", action="store_true", help="有问题的行留下，其余先录入")


@contextmanager
def _acting(context: Context) -> Iterator[tuple[Ledger, Actor]]:
    """The ledger and who acts; a dry run writes nothing, so it needs neither the lock nor a name."""
    if not context.values.dry_run:
        with context.writing() as both:
            yield both
        return
    from gengdi_desktop.ledger import service

    with context.reading() as ledger:
        active = [member.name for member in service.members(ledger) if member.active]
        yield ledger, service.actor(ledger, context.values.by or active[0])


def _columns(path: Path | None) -> Mapping[str, ColumnChoice]:
    """What columns are, from a file: ``{"图斑面积": "plot_area:平方米", "H": "bsm"}`` or the same as TOML."""
    from gengdi_desktop.intake.mapping import parse_choice

    if path is None:
        return {}
    with opened(path) as stream:
        text = stream.read(_LARGEST_COLUMNS_FILE).decode("utf-8-sig", errors="replace")
    try:
        said = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as error:
        hint = "每行写成 表头 = 字段，例如 “图斑面积” = “plot_area:平方米”。"
        raise RuleError("bad_columns", f"“{path.name}”读不出列的对应，没有导入，台账没有变。", hint) from error
    if not isinstance(said, dict) or not all(isinstance(field, str) for field in said.values()):
        raise RuleError("bad_columns", f"“{path.name}”里每一列要对应一个字段，没有导入，台账没有变。")
    return {header: parse_choice(field) for header, field in said.items()}


def _import_sentence(outcome: ImportOutcome, *, dry_run: bool) -> str:
    word = "将导入" if dry_run else "已导入"
    told = f"{word}“{outcome.list_name}”：{outcome.rows}行，新增{outcome.imported}个"
    for count, what in ((outcome.changed, "变更"), (outcome.duplicates, "与台账相同"), (outcome.refused, "有问题")):
        told += f"，{what}{count}个" if count else ""
    return f"{told}；面积{outcome.area.display()}亩。"


def _expected(tie: TieOut) -> str:
    count = f"{tie.expected_count}个图斑" if tie.expected_count is not None else ""
    area = f"{tie.expected_area.spoken()}亩" if tie.expected_area is not None else ""
    return "、".join(filter(None, (count, area)))


def _progress_object(outcome: ProgressOutcome) -> dict[str, Any]:
    found = outcome.preview
    return {
        "file": str(found.path),
        "list": None,
        "entry": outcome.changes.seq,
        "sheets": [sheet.name for sheet in found.sheets],
        "columns": [{"header": header, "field": field} for sheet in found.sheets for header, field in sheet.columns],
        "rows": found.rows,
        "imported": found.imported,
        "changed": 0,
        "duplicates": found.duplicates,
        "skipped": found.skipped,
        "refused": found.refused,
        "vanished": 0,
        "unentered": 0,
        "area_mu": found.area.exact(),
        "problems": [_problem(one) for one in found.problems],
        "notes": [_problem(one) for one in found.notes],
        "self_reported": [asdict(one) for one in found.self_reported],
        "plots": list(outcome.plots),
        "committed": outcome.committed,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem)


def _tell_problems(context: Context, problems: list[str]) -> None:
    if not context.out.as_json:
        for line in few(problems):
            context.out.note(line)


def _claims(claims: Iterable[tuple[str, str]]) -> str:
    return "、".join(f"{label}：{value}" for label, value in claims)


def _skip_word(reason: str) -> str:
    return {"other_unit": "不是本单位的", "blank_row": "空行"}.get(reason, reason)
