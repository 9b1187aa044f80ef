"""Read a finished paper as the county would, and count everything again from the snapshot's rows alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.unit.reports.pages import read_pages

Row = Mapping[str, Any]
_BODY = 15.0  # points: body text is larger, tables, notes and page numbers are smaller
FIGURE = re.compile(r"[0-9][0-9.]*(?:个|亩|%|行|份)")
_NUMBER = r"([0-9]+)个、([0-9.]+)亩"
_METHODS = {
    "restored": "现场整改",
    "proved": "举证无问题",
    "regularised": "补办",
    "quota_offset": "核减占补指标",
    "inout_offset": "进出平衡",
    "other": "其他",
}
_LABELS = {
    "closed": "已销号",
    "in_place": "整改到位",
    "awaiting": "待验收",
    "partial": "部分整改",
    "unrectified": "未整改",
    "cancelled": "核减",
}
_KINDS = {"non_farm": "非农化", "non_grain": "非粮化", "abandoned": "撂荒", "other": "其他类型", "": "未定类型"}
_FINDINGS = {"true": "属实", "misjudged": "误判", "lawful": "合法"}
_DISPOSALS = {
    "immediate": "立行立改",
    "short_term": "短期",
    "medium_term": "中期",
    "long_term": "长期",
    "proof": "举证核减",
}


def body_text(pdf: bytes) -> str:
    """The sentences of a paper in one line, without tables and page numbers."""
    lines = [line for page in read_pages(pdf) for line in page.lines if _BODY < line.size < 16]
    return "".join(line.text for line in lines).replace(" ", "")


def counted(data: bytes) -> tuple[list[Row], list[Row]]:
    """The plots of the issued view and the rows that are not entered."""
    found = json.loads(data)
    return [plot for plot in found["plots"] if not plot["parent"]], found["open_lines"]


def issued(rows: Iterable[Row]) -> Decimal:
    return sum((Decimal(row["issued"]) for row in rows), Decimal(0))


def shown(area: Decimal) -> str:
    return str(area.quantize(Decimal("0.01"), ROUND_HALF_UP))


def share(part: Decimal, whole: Decimal) -> str:
    return str(
        min((part * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("99.99" if part < whole else 100))
    )


def both(rows: Sequence[Row]) -> tuple[str, str]:
    return str(len(rows)), shown(issued(rows))


def settled(row: Row, *methods: str) -> Decimal:
    return sum((Decimal(row["buckets"][method]) for method in methods or _METHODS), Decimal(0))


def sentences(plots: Sequence[Row], open_lines: Sequence[Row]) -> list[tuple[str, tuple[str, ...]]]:
    """Patterns of the sentences, each with the figures that it must hold."""
    done = [plot for plot in plots if plot["label"] in {"closed", "in_place"}]
    waiting = [plot for plot in plots if plot["label"] in {"awaiting", "partial", "unrectified"}]
    checked = [plot for plot in plots if plot["checked_on"]]
    whole, area = len(plots) + len(open_lines), issued([*plots, *open_lines])
    basic = sum((Decimal(plot["basic"]) for plot in plots), Decimal(0))
    patterns: list[tuple[str, tuple[str, ...]]] = [
        (f"下发我[乡镇]图斑{_bare()}", (str(whole),)),
        (r"面积([0-9.]+)亩(?=[，、]其中永久|，涉及)", (shown(area),)),
        (r"永久基本农田([0-9.]+)亩", (shown(basic),)),
        (r"涉及([0-9]+)个村", (str(len({(p["township"], p["village"]) for p in plots if p["village"]})),)),
        (r"清单里的([0-9]+)行、([0-9.]+)亩", both(open_lines)),
        (
            rf"已整改{_NUMBER}，分别占下发个数的([0-9.]+)%、下发面积的([0-9.]+)%",
            (*both(done), share(Decimal(len(done)), Decimal(whole)), share(issued(done), area)),
        ),
        (r"累计落实([0-9.]+)亩", (shown(sum((settled(plot) for plot in plots), Decimal(0))),)),
        (r"文书([0-9]+)份", (str(sum(plot["files"] for plot in plots)),)),
        (rf"已自查{_NUMBER}", both(checked)),
        (rf"还有{_NUMBER}没有自查", both([plot for plot in plots if not plot["checked_on"]])),
        (rf"还有{_NUMBER}没有完成", both(waiting)),
        (r"已为([0-9]+)个图斑", (str(sum(1 for plot in plots if plot["disposal"])),)),
        (rf"的{_NUMBER}，按处置", both([plot for plot in plots if plot["disposal"]])),
        (r"超期([0-9]+)个", (str(sum(plot["overdue"] for plot in plots)),)),
        (r"重新整改([0-9]+)个", (str(sum(plot["returned"] for plot in plots)),)),
        (r"有争议([0-9]+)个", (str(sum(bool(plot["held"]) for plot in plots)),)),
        (rf"有争议的{_NUMBER}", both([plot for plot in plots if plot["held"]])),
        (r"正在举证([0-9]+)个", (str(sum(plot["state"] == "contested" for plot in plots)),)),
        (rf"举证无需整改的{_NUMBER}", both([plot for plot in plots if plot["state"] == "contested"])),
        (rf"需要整改{_NUMBER}", both([plot for plot in checked if plot["rectify"] == 1])),
        (rf"无需整改{_NUMBER}", both([plot for plot in checked if plot["rectify"] == 0])),
        (r"不需整改的部分([0-9.]+)亩", (shown(sum((Decimal(p["issued"]) - settled(p) for p in done), Decimal(0))),)),
    ]
    patterns += _named(_LABELS, lambda code: [plot for plot in plots if plot["label"] == code])
    patterns += _named(_KINDS, lambda code: [plot for plot in plots if plot["kind"] == code])
    patterns += _named(_FINDINGS, lambda code: [plot for plot in checked if plot["finding"] == code])
    for code, words in _DISPOSALS.items():
        mine = [plot for plot in plots if plot["disposal"] == code]
        patterns += [(rf"{words}{_NUMBER}", both(mine)), (rf"{words}([0-9]+)个(?!、[0-9])", (str(len(mine)),))]
    for code, words in _METHODS.items():
        mine = [plot for plot in done if _main(plot) == code]
        total = sum((settled(plot, code) for plot in done), Decimal(0))
        patterns.append((rf"{words}{_NUMBER}", (str(len(mine)), shown(total))))
    return patterns


def _bare() -> str:
    return r"([0-9]+)个(?=、面积)"


def _named(words: Mapping[str, str], of: Callable[[str], list[Row]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(rf"(?<![无不]){word}{_NUMBER}", both(of(code))) for code, word in words.items()]


def _main(plot: Row) -> str | None:
    best = max(_METHODS, key=lambda method: settled(plot, method))
    return best if settled(plot, best) else None


def wrong_figures(pdf: bytes, facts: bytes) -> list[str]:
    """What the paper's sentences say and the snapshot's rows do not."""
    return unexplained(pdf, *counted(facts))


def unexplained(pdf: bytes, plots: Sequence[Row], open_lines: Sequence[Row]) -> list[str]:
    """What the paper's sentences say and the rows do not: wrong figures, and figures that nobody can explain."""
    text = body_text(pdf)
    wrong: list[str] = []
    explained = [False] * len(text)
    for pattern, expected in sentences(plots, open_lines):
        for match in re.finditer(pattern, text):
            if match.groups() != expected:
                wrong.append(f"{match.group()} ≠ {expected}")
            explained[match.start() : match.end()] = [True] * (match.end() - match.start())
    wrong += [match.group() for match in FIGURE.finditer(text) if not all(explained[match.start() : match.end() - 1])]
    return wrong
