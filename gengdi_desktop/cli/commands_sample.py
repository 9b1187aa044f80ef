"""The command of the spot check by sample: draw, show, replace, enlarge, record, enter, send back, print."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.cli.arguments import Parser, UsageError, day, whole_number
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, NOT_SOUND, few
from gengdi_desktop.cli.sample_answers import draw_lines, sample_json, sample_lines
from gengdi_desktop.cli.targets import require_free
from gengdi_desktop.domain.choices import SpotCheckOutcome

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.phases.sampling.records import SampleInfo
    from gengdi_desktop.phases.sampling.service import Entered

_JOBS: Final = ("show", "frame", "sheet", "draw", "result", "replace", "enlarge", "enter", "send_back")
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "frame": ("out",),
    "sheet": ("out",),
    "result": ("plot", "outcome", "checker", "second"),
    "replace": ("plot", "reason"),
    "send_back": ("deadline",),
}
_STRATA: Final = (
    "按什么分层，每层至少一个：township（乡镇）、village（村）、kind（问题类型）、area_class（面积大小）、risk（风险），"
    "几样用逗号隔开；不写就不分层"
)
_DECIMAL: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


def ratio(text: str) -> Fraction:
    """A share: ``0.05``, ``5%`` or ``1/20``."""
    plain = text.strip().replace("％", "%")
    whole, mark, below = plain.partition("/")
    if mark and whole.isdecimal() and below.isdecimal() and int(below):
        return Fraction(int(whole), int(below))
    number = plain.removesuffix("%")
    if not _DECIMAL.fullmatch(number):
        message = f"“{text}”不是比例，请写成 0.05 或 5%"
        raise argparse.ArgumentTypeError(message)
    return Fraction(number) / (100 if plain.endswith("%") else 1)


def configure_sample(parser: Parser) -> None:
    """LEDGER (--ratio R | --count N) [--seed S] [--by …], or a job on a sample that is there."""
    parser.takes_ledger(writes=True)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--ratio", metavar="R", type=ratio, help="抽多大比例，写 0.05 或 5%%，不足一个的进成一个")
    size.add_argument("--count", metavar="N", type=whole_number, help="抽多少个；扩大时是扩大后一共多少个")
    parser.add_argument("--seed", metavar="S", help="随机种子：现场摇号得出的数字；不写就由程序随机生成")
    parser.add_argument("--by", dest="strata", metavar="层", default="", help=_STRATA)
    parser.add_argument("--scope", metavar="范围", default="", help="只抽这个乡镇或村的，写 乡镇、村 或 乡镇/村")
    parser.add_argument("--name", metavar="名称", default="", help="这次抽查叫什么")
    parser.add_argument("--fail-limit", metavar="R", type=ratio, help="不合格率超过多少要扩大抽查；不写是 10%%")
    job = parser.add_mutually_exclusive_group()
    job.add_argument("--freeze", action="store_true", help="只封存抽样框，种子以后再填")
    job.add_argument("--list", action="store_true", help="列出做过的抽样")
    for option, told in (
        ("--draw", "从已封存的抽样框里抽；要写 --count 或 --ratio"),
        ("--show", "看一次抽样"),
        ("--frame", "取出抽样框的原文，写到 --out，可以自己算校验值"),
        ("--sheet", "打印抽查表，写到 --out"),
        ("--result", "录入一个图斑的抽查结果；要写 --plot --outcome --checker --second"),
        ("--replace", "到不了现场的图斑换成同层的下一个；要写 --plot --reason"),
        ("--enlarge", "扩大抽查，先抽中的都保留；要写 --count 或 --ratio"),
        ("--enter", "把抽查结果记入图斑的记录"),
        ("--send-back", "不合格的退回整改；要写 --deadline"),
    ):
        job.add_argument(option, metavar="编号", help=told)
    parser.add_argument("--out", metavar="FILE", type=Path, help="写到哪个文件")
    parser.takes_overwrite()
    parser.add_argument("--plot", metavar="PLOT", help="哪个图斑")
    parser.takes_choice("--outcome", SpotCheckOutcome, "抽查结果")
    parser.add_argument("--measured", metavar="亩", default="", help="实测面积，没有实测的不写")
    parser.add_argument("--finding", metavar="问题", default="", help="现场看到的情况，不合格的必须写")
    parser.add_argument("--checker", metavar="姓名", default="", help="检查人")
    parser.add_argument("--second", metavar="姓名", default="", help="另一个检查人")
    parser.add_argument("--whole", metavar="层", action="append", default=[], help="扩大时这一层全查，可以写多次")
    parser.add_argument("--reason", metavar="原因", default="", help="替换、扩大、退回或另抽一次的原因")
    parser.add_argument("--document", metavar="文号", default="", help="抽查通报或退回通知的文号")
    parser.add_argument("--deadline", metavar="日期", type=day, help="退回后的整改时限")
    parser.takes_date("抽样、检查、入账或退回的日期，不写是今天")


def run_sample(context: Context) -> int:
    """Draws a sample, or does what one of the options says."""
    values = context.values
    if values.list:
        return _list(context)
    job = next((one for one in _JOBS if getattr(values, one)), "")
    missing = [f"--{one}" for one in _NEEDS.get(job, ()) if not getattr(values, one)]
    if missing:
        raise UsageError(f"还缺：{'、'.join(missing)}。", "sample")
    if job in _READING:
        return _READING[job](context)
    if job:
        return _WRITING[job](context)
    if values.freeze:
        return _freeze(context)
    return _take(context)


def _take(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    _require_size(context)
    with context.writing() as (ledger, by):
        taken = service.take(
            ledger,
            name=values.name,
            strata=_strata(context),
            scope=values.scope,
            seed=values.seed,
            count=values.count,
            ratio=values.ratio,
            by=by,
            on_date=values.date,
            reason=values.reason,
            fail_limit=_fail_limit(context),
        )
    told = ["这个抽样框和种子已经这样抽过，抽中的还是这些。"] if taken.again else []
    context.out.result(sample_json(taken.info) | {"again": taken.again}, [*told, *draw_lines(taken.info)])
    return DONE


def _freeze(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    with context.writing() as (ledger, by):
        info = service.freeze_frame(
            ledger,
            name=values.name,
            strata=_strata(context),
            scope=values.scope,
            by=by,
            on_date=values.date,
            fail_limit=_fail_limit(context),
        )
    context.out.result(sample_json(info), draw_lines(info))
    return DONE


def _draw(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    _require_size(context)
    with context.writing() as (ledger, by):
        info = service.draw(
            ledger,
            values.draw,
            seed=values.seed,
            count=values.count,
            ratio=values.ratio,
            by=by,
            on_date=values.date,
            reason=values.reason,
        )
    context.out.result(sample_json(info), draw_lines(info))
    return DONE


def _enlarge(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    _require_size(context)
    with context.writing() as (ledger, by):
        info = service.enlarge(
            ledger,
            values.enlarge,
            count=values.count,
            ratio=values.ratio,
            whole=values.whole,
            by=by,
            reason=values.reason,
            on_date=values.date,
        )
    context.out.result(sample_json(info), draw_lines(info))
    return DONE


def _replace(context: Context) -> int:
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.phases.sampling import service

    values = context.values
    with context.writing() as (ledger, by):
        plot = find_plot(ledger, values.plot)
        info = service.replace(ledger, values.replace, plot, reason=values.reason, by=by, on_date=values.date)
    new = next((one for one in info.plots if one.replaces == plot), None)
    told = (
        "这一层没有别的图斑了，少查一个。" if new is None else f"替补：{new.name}（{new.stratum}第 {new.place} 个）。"
    )
    context.out.result(sample_json(info), [told])
    return DONE


def _result(context: Context) -> int:
    from gengdi_desktop.domain.areas import Area
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.phases.sampling import service

    values = context.values
    with context.writing() as (ledger, by):
        info = service.record_result(
            ledger,
            values.result,
            find_plot(ledger, values.plot),
            outcome=values.outcome,
            measured_area=Area.parse(values.measured) if values.measured else None,
            finding=values.finding,
            checker=values.checker,
            second_checker=values.second,
            on_date=values.date,
            by=by,
        )
    left = len(info.to_check) - len(info.checked)
    due = [info.enlargement.sentence] if info.enlargement is not None else []
    context.out.result(sample_json(info), [f"已记下，还有 {left} 个没有结果。", *due])
    return DONE


def _enter(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    with context.writing() as (ledger, by):
        done = service.enter_results(ledger, values.enter, by=by, document=values.document, on_date=values.date)
        return _tell_entered(context, ledger, service.sample(ledger, values.enter), done, "已入账")


def _send_back(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    values = context.values
    with context.writing() as (ledger, by):
        done = service.send_back(
            ledger,
            values.send_back,
            deadline=values.deadline,
            reason=values.reason,
            document=values.document,
            by=by,
            on_date=values.date,
        )
        return _tell_entered(context, ledger, service.sample(ledger, values.send_back), done, "已退回")


def _tell_entered(context: Context, ledger: Ledger, info: SampleInfo, done: Entered, word: str) -> int:
    from gengdi_desktop.errors import RuleError
    from gengdi_desktop.ledger.queries import plot_lines

    names = {line.id: line.name for line in plot_lines(ledger, [one.plot for one in done.refused])}
    refused = [{"plot": one.plot, "code": one.code, "message": one.message} for one in done.refused]
    data: dict[str, Any] = {"entry": done.changes.seq, "changed": list(done.plots), "refused": refused, "id": info.id}
    told = [f"没有办：{names.get(one.plot, one.plot)}　{one.message}" for one in done.refused]
    if not done.plots:
        first = done.refused[0]
        whole = first.message if len(told) == 1 else f"{len(told)}个图斑都没有办成，台账没有变。{first.message}"
        return context.out.refusal(RuleError(first.code, whole), data)
    context.out.result(data, [f"{word}{len(done.plots)}个图斑。", *few(told)])
    return DONE


def _list(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    with context.reading() as ledger:
        found = service.samples(ledger)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "status": one.status.value,
            "framed_on": one.framed_on.isoformat(),
            "drawn_on": one.drawn_on.isoformat() if one.drawn_on else None,
            "frame": one.frame_hash,
            "frame_plots": one.frame_plots,
            "seed": one.seed or None,
            "enlarges": one.enlarges,
            "drawn": one.drawn,
            "checked": one.checked,
            "failed": one.failed,
        }
        for one in found
    ]
    lines = [
        f"{one.id[:8]}　{one.name}　{one.status.label}　框内 {one.frame_plots} 个，抽中 {one.drawn} 个，"
        f"已查 {one.checked} 个，不合格 {one.failed} 个"
        for one in found
    ]
    context.out.result({"samples": rows}, lines or ["还没有抽过样。"])
    return DONE


def _show(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service

    with context.reading() as ledger:
        info = service.sample(ledger, context.values.show)
        wrong = service.not_as_drawn(ledger, info.id) if info.seed_source is not None else ()
    told = [f"重抽核对：有 {len(wrong)} 处和抽样框、种子抽出来的不一样。"] if wrong else []
    if info.seed_source is not None and not wrong:
        told = ["重抽核对：和抽样框、种子抽出来的一样。"]
    data = sample_json(info) | {"not_as_drawn": list(wrong)}
    context.out.result(data, [*draw_lines(info), *sample_lines(info), *told])
    return NOT_SOUND if wrong else DONE


def _frame(context: Context) -> int:
    from gengdi_desktop.phases.sampling import service
    from gengdi_desktop.system.files import write_whole

    values = context.values
    require_free([values.out], overwrite=values.overwrite)
    with context.reading() as ledger:
        info = service.sample(ledger, values.frame)
        write_whole(values.out, service.frame_text(ledger, values.frame).encode())
    data = {"id": info.id, "frame": info.frame_hash, "file": str(values.out)}
    context.out.result(data, [f"已写出抽样框：{values.out}", f"校验值（SHA-256）：{info.frame_hash}"])
    return DONE


def _sheet(context: Context) -> int:
    from gengdi_desktop.reports.forms.check_sheets import write_check_sheet

    values = context.values
    require_free([values.out], overwrite=values.overwrite)
    with context.reading() as ledger:
        written = write_check_sheet(ledger, values.sheet, values.out)
    data = {"file": str(written.file), "plots": written.plots, "pages": written.pages}
    context.out.result(data, [f"已写出{written.plots}个图斑的抽查表，共{written.pages}页：{written.file}"])
    return DONE


_READING: Final[Mapping[str, Callable[[Context], int]]] = {"show": _show, "frame": _frame, "sheet": _sheet}
_WRITING: Final[Mapping[str, Callable[[Context], int]]] = {
    "draw": _draw,
    "result": _result,
    "replace": _replace,
    "enlarge": _enlarge,
    "enter": _enter,
    "send_back": _send_back,
}


def _require_size(context: Context) -> None:
    if context.values.count is None and context.values.ratio is None:
        raise UsageError("还缺：--count 或 --ratio。", "sample")


def _strata(context: Context) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[,，、]", context.values.strata)))


def _fail_limit(context: Context) -> Fraction:
    from gengdi_desktop.phases.sampling.service import FAIL_LIMIT

    return FAIL_LIMIT if context.values.fail_limit is None else context.values.fail_limit
