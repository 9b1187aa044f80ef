"""A sample in the words of the spot check's page: flags, tiles, the pass share in a sentence, how to draw it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain.actions import FieldKind, FieldRule
from gengdi_desktop.domain.areas import percent_text
from gengdi_desktop.domain.choices import SpotCheckOutcome
from gengdi_desktop.phases.sampling.records import SampleInfo, SampleLine, SampleStatus, percent
from gengdi_desktop.phases.sampling.redo_steps import redo_steps
from gengdi_desktop.ui import words
from gengdi_desktop.ui.widgets.badge import Flag
from gengdi_desktop.ui.widgets.sheet import Tile

if TYPE_CHECKING:
    from gengdi_desktop.phases.sampling.records import CheckResult, SampledPlot

CONFIDENCE: Final = "95%"
_GROUP, _GROUPS = 4, 8
RESULT_FIELDS: Final = (
    FieldRule("outcome", "结论", FieldKind.CHOICE, required=True,
              choices=tuple((one.value, one.label) for one in SpotCheckOutcome)),
    FieldRule("measured_area", "实测面积", FieldKind.AREA, needs="没有实测不填"),
    FieldRule("finding", "看到的", FieldKind.TEXT, needs="不合格的要写"),
    FieldRule("date", "抽查日期", FieldKind.DATE, required=True),
    FieldRule("checker", "抽查人", FieldKind.TEXT, required=True),
    FieldRule("second_checker", "同去的人", FieldKind.TEXT, required=True),
)  # fmt: skip
"""What is typed for a plot, in the order of the sheet; two people, of whom neither stands for the other."""
KEPT: Final = ("date", "checker", "second_checker")
"""What the next plot of the walk has in common with the one before."""


def told_line(line: SampleLine) -> str:
    """What the field of samples says of one."""
    if line.status is SampleStatus.FRAMED:
        return f"{line.name}　{words.spoken_day(line.framed_on)}封存，还没有抽"
    done = f"{words.count(line.checked)}/{words.count(line.drawn)}"
    return f"{line.name}　已查 {done}" + ("，已扩大" if line.status is SampleStatus.ENLARGED else "")


def grouped(sha256: str) -> tuple[str, ...]:
    """A hash in lines of groups, as it is read aloud."""
    groups = [sha256[at : at + _GROUP] for at in range(0, len(sha256), _GROUP)]
    return tuple(" ".join(groups[at : at + _GROUPS]) for at in range(0, len(groups), _GROUPS))


def by_words(info: SampleInfo) -> str:
    """By what plots are grouped."""
    return "、".join(one.label for one in info.strata_fields) or "不分层"


def frame_facts(info: SampleInfo) -> tuple[tuple[str, str], ...]:
    """The frozen frame as rows of label and value."""
    return (
        ("封存日期", words.day(info.framed_on)),
        ("范围", info.scope or "全部申报到位的图斑"),
        ("分层", by_words(info)),
        ("图斑", f"{words.count(info.frame_plots)} 个，{words.mu(info.frame_area)} 亩"),
        ("校验值", "\n".join(grouped(info.frame_hash))),
    )


def flag_of(one: SampledPlot) -> Flag:
    """How a plot of the list stands, by sign and word."""
    if one.replaced:
        return Flag("cross", "已换下", "stone")
    if one.result is None:
        return Flag("clock", "未查", "stone")
    word = one.result.outcome.label
    if not one.result.failed:
        return Flag("check", word, "land")
    return Flag("back", f"{word}，已退回", "seal") if one.result.sent_back else Flag("stop", word, "seal")


def open_plots(info: SampleInfo) -> tuple[SampledPlot, ...]:
    """Those that are still to be checked, in the order of the list."""
    return tuple(one for one in info.to_check if one.result is None)


def next_open(plots: Sequence[SampledPlot], after: str) -> str:
    """The plot to be checked after this one, from the last back to the first; empty where all are done."""
    at = next((place for place, one in enumerate(plots) if one.plot == after), -1)
    turned = (*plots[at + 1 :], *plots[: at + 1])
    return next((one.plot for one in turned if not one.replaced and one.result is None), "")


# -- the share


def interval_of(info: SampleInfo) -> tuple[str, str] | None:
    """Between which percents the share of all plots may lie; None while nothing was checked."""
    share = info.pass_share
    return None if share is None else (f"{share.low * 100:.1f}", f"{share.high * 100:.1f}")


def share_words(info: SampleInfo) -> str:
    """What the results say of all plots of the frame."""
    share, between = info.pass_share, interval_of(info)
    if share is None or between is None:
        return "还没有查到图斑，合格率等有了结果再算。"
    return (
        f"查了 {words.count(share.checked)} 个，合格 {words.count(share.passed)} 个，"
        f"合格率 {percent_text(share.passed, share.checked, 1)}%。"
        f"由此推算，抽样框里全部图斑的合格率有 {CONFIDENCE} 的把握在 {between[0]}% 到 {between[1]}% 之间。"
    )


def limit_words(info: SampleInfo) -> str:
    """How the failures stand to the limit, and what follows."""
    due = info.enlargement
    if due is not None:
        return due.sentence
    limit, failed = percent(info.fail_limit), len(info.failed)
    if info.enlarged_by is not None:
        return "已经扩大抽查，接着在扩大后的那一份里录。"
    if not failed:
        return f"不合格的超过 {limit} 就要扩大抽查，现在还没有不合格的。"
    return f"不合格 {words.count(failed)} 个，没有超过 {words.count(len(info.to_check))} 个的 {limit}，不用扩大。"


def tiles_of(info: SampleInfo) -> tuple[Tile, ...]:
    """The head of a drawn sample: how many, how far, how well."""
    share, between, left, failed = info.pass_share, interval_of(info), len(open_plots(info)), len(info.failed)
    checked = len(info.checked)
    due = info.enlargement is not None
    return (
        Tile(
            "抽中", words.count(len(info.to_check)), "个",
            f"{words.mu(info.area)} 亩，从 {words.count(info.frame_plots)} 个里抽的",
        ),
        Tile("已查", words.count(checked), "个", f"还有 {words.count(left)} 个没查" if left else "都查完了"),
        Tile(
            "合格", words.count(checked - failed), "个",
            f"合格率 {percent_text(share.passed, share.checked, 1)}%" if share else "还没有结果",
        ),
        Tile(
            "不合格", words.count(failed), "个", "要扩大抽查" if due else f"超过 {percent(info.fail_limit)} 要扩大",
            "seal" if failed else "", "stop" if failed else "",
        ),
        Tile(
            "全部的合格率", f"{between[0]}～{between[1]}" if between else words.NOTHING, "%" if between else "",
            f"{CONFIDENCE} 的把握" if between else "查了才能推算",
        ),
    )  # fmt: skip


def short_words(info: SampleInfo) -> str:
    """The same as the tiles in one line, for a low window."""
    share, left = info.pass_share, len(open_plots(info))
    told = f"抽中 {words.count(len(info.to_check))} 个，已查 {words.count(len(info.checked))} 个"
    if share is not None:
        told += f"，合格率 {percent_text(share.passed, share.checked, 1)}%"
    return told + (f"，还有 {words.count(left)} 个没查" if left else "，都查完了")


# -- the rule


def rule_of(info: SampleInfo, more: Iterable[str] = ()) -> tuple[str, ...]:
    """How anybody draws the same sample again with a tool that makes SHA-256; *more* says how strata are formed."""
    return (*redo_steps(enlarged=info.enlarges is not None), *more)


# -- the result


def typed_of(result: CheckResult) -> dict[str, str]:
    """A result as the form is filled with it."""
    return {
        "outcome": result.outcome.value,
        "measured_area": result.measured_area.exact() if result.measured_area is not None else "",
        "finding": result.finding,
        "date": result.on_date.isoformat(),
        "checker": result.checker,
        "second_checker": result.second_checker,
    }


def kept_of(values: Mapping[str, str]) -> dict[str, str]:
    """What the next plot begins with."""
    return {key: values[key] for key in KEPT if values.get(key)}


def shares_told(sizes: Mapping[str, int], shares: Mapping[str, int]) -> tuple[tuple[str, str, str, str], ...]:
    """Each stratum: name, plots, how many would be drawn, and which part of it that is."""
    return tuple(
        (name, words.count(size), words.count(shares[name]), f"{percent_text(shares[name], size, 1)}%")
        for name, size in sizes.items()
    )
