"""The command for what the program asks of photos, what people answer, and whether the evidence is all there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE
from gengdi_desktop.domain.photo_questions import PhotoQuestion
from gengdi_desktop.system.files import opened

if TYPE_CHECKING:
    from gengdi_desktop.evidence.questions.service import Question
    from gengdi_desktop.ledger.handle import Ledger

_RULES_BYTES = 256 * 1024


def configure_questions(parser: Parser) -> None:
    """LEDGER [PLOT] [--compare] [--evidence] [--rules FILE] [--answer QUESTION --photo SHA256 --text 说明]."""
    parser.takes_ledger(writes=True)
    parser.add_argument("plot", metavar="PLOT", nargs="?", help="只看一个图斑")
    parser.add_argument("--compare", action="store_true", help="先比对还没有比对过的照片，找出用了两次的")
    parser.add_argument("--evidence", action="store_true", help="按证据规则看：齐全、缺什么、哪里存疑")
    parser.add_argument("--rules", metavar="FILE.toml", type=Path, help="换成县里的证据规则")
    parser.takes_choice("--answer", PhotoQuestion, "说明一个疑问；要写 PLOT、--photo 和 --text")
    parser.add_argument("--photo", metavar="SHA256", default="", help="和 --answer 一起用：哪张照片，校验码的开头也行")
    parser.add_argument("--text", metavar="说明", default="", help="和 --answer 一起用：实际情况")


def run_questions(context: Context) -> int:
    """Lists the questions, or does what one of the options says."""
    values = context.values
    if values.answer:
        return _answer(context)
    if values.rules:
        return _set_rules(context)
    if values.compare:
        with context.writing() as (ledger, _by):
            from gengdi_desktop.evidence.likeness.service import compare

            compare(ledger, context.out.progress("比对照片"))
    with context.reading() as ledger:
        return _tell_evidence(context, ledger) if values.evidence else _tell(context, ledger)


def _tell(context: Context, ledger: Ledger) -> int:
    from gengdi_desktop.evidence.likeness.service import waiting
    from gengdi_desktop.evidence.questions.service import questions

    found = questions(ledger, _plots(context, ledger), context.out.progress("看照片"))
    names, left = _names(ledger, [one.plot for one in found]), waiting(ledger)
    open_ones = [one for one in found if one.open]
    lines = [f"{len(open_ones)}个疑问要看一看，{len(found) - len(open_ones)}个已说明或只供参考。"]
    lines += [f"  {names[one.plot]}　{one.stage.label} {one.sha256[:12]}　{one.sentence}" for one in open_ones]
    if left:
        lines.append(f"还有{left}张照片没有比对过是不是用了两次，加 --compare 比对。")
    context.out.result({"questions": [_row(one, names) for one in found], "not_compared": left}, lines)
    return DONE


def _tell_evidence(context: Context, ledger: Ledger) -> int:
    from gengdi_desktop.domain.evidence import Verdict
    from gengdi_desktop.evidence.rules.service import rules_in_force
    from gengdi_desktop.evidence.verdicts.service import verdicts

    rules = rules_in_force(ledger)
    told = verdicts(ledger, _plots(context, ledger), context.out.progress("看证据"))
    names = _names(ledger, list(told))
    counts = {one: sum(verdict.verdict is one for verdict in told.values()) for one in Verdict}
    lines = ["、".join(f"{one.label}{count}个" for one, count in counts.items()) + f"。证据规则 {rules.version}版。"]
    rows = []
    for plot, verdict in told.items():
        open_rules = [one for one in verdict.rules if one.verdict is verdict.verdict is not Verdict.COMPLETE]
        if open_rules:
            lines.append(f"  {names[plot]}　{'；'.join(one.sentence for one in open_rules)}")
        rules_told = [
            {"rule": one.rule.code, "verdict": one.verdict.value, "sentence": one.sentence} for one in verdict.rules
        ]
        rows.append({"plot": plot, "name": names[plot], "verdict": verdict.verdict.value, "rules": rules_told})
    context.out.result({"version": rules.version, "source": rules.source, "plots": rows}, lines)
    return DONE


def _answer(context: Context) -> int:
    from gengdi_desktop.evidence.questions.service import answer, questions
    from gengdi_desktop.ledger.find import find_plot

    values = context.values
    if not values.plot or not values.photo:
        raise UsageError("说明疑问要写明图斑和 --photo 照片。", "questions")
    with context.writing() as (ledger, by):
        plot = find_plot(ledger, values.plot)
        fits = {
            one.sha256
            for one in questions(ledger, [plot])
            if one.sha256.startswith(values.photo.lower()) and one.code is values.answer
        }
        sha256 = fits.pop() if len(fits) == 1 else values.photo
        changes = answer(ledger, plot, sha256, values.answer, values.text, by=by)
    context.out.result({"entry": changes.seq}, ["已记下说明。"])
    return DONE


def _set_rules(context: Context) -> int:
    from gengdi_desktop.evidence.rules.service import rules_in_force, set_rules

    with opened(context.values.rules) as stream:
        data = stream.read(_RULES_BYTES + 1)
    with context.writing() as (ledger, by):
        changes = set_rules(ledger, data, by=by)
        rules = rules_in_force(ledger)
    told = {"entry": changes.seq, "version": rules.version, "source": rules.source}
    context.out.result(told, [f"证据规则换成 {rules.version}版：{rules.source}。"])
    return DONE


def _plots(context: Context, ledger: Ledger) -> list[str] | None:
    from gengdi_desktop.ledger.find import find_plot

    return [find_plot(ledger, context.values.plot)] if context.values.plot else None


def _names(ledger: Ledger, plots: list[str]) -> dict[str, str]:
    from gengdi_desktop.ledger.queries import plot_lines
    from gengdi_desktop.ledger.words import plot_name

    lines = plot_lines(ledger, list(dict.fromkeys(plots)))
    return {line.id: plot_name(line.village, line.plot_no) for line in lines}


def _row(one: Question, names: dict[str, str]) -> dict[str, Any]:
    answered = None
    if one.answered is not None:
        answered = {"text": one.answered.text, "by": one.answered.by, "on": one.answered.on.isoformat()}
    return {
        "code": one.code.value,
        "plot": one.plot,
        "name": names[one.plot],
        "stage": one.stage.value,
        "sha256": one.sha256,
        "sentence": one.sentence,
        "open": one.open,
        "answered": answered,
        "beside": [{"plot": twin.plot, "name": twin.name, "attachment": twin.attachment} for twin in one.beside],
    }
