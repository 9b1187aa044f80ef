"""The spot check by sample in words: frames, draws, drawn plots and what was found at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.ledger.words import shown
from gengdi_desktop.storage.journal import Value

Diff = Mapping[str, list[Value]]

_HASH_DIGITS = 12
_SOURCES = {"lot": "现场摇号", "generated": "程序生成"}


def of_sample(op: str, diff: Diff, now: str) -> Iterator[str]:
    """A frame that was frozen, or a seed that drew from one; that a smaller sample was enlarged the larger one says."""
    seed = _new(diff, "seed")
    if seed:
        source = _SOURCES.get(str(_new(diff, "seed_source")), "")
        yield f"“{_new(diff, 'name') or now}”，种子 {seed}{f'（{source}）' if source else ''}"
    elif op == "+":
        area = Area(int(_new(diff, "frame_area") or 0)).display()
        digits = str(_new(diff, "frame_hash") or "")[:_HASH_DIGITS].upper()
        yield f"“{_new(diff, 'name')}”，{_new(diff, 'frame_plots')} 个图斑 {area} 亩，校验值 {digits}"


def drawn(diff: Diff) -> Iterator[str]:
    """A plot that came into a sample."""
    where = f"“{_new(diff, 'stratum')}”第 {_new(diff, 'place')} 个"
    yield f"{where}，作替补" if _new(diff, "replaces") else where
    if _new(diff, "status"):
        yield "先前已替换，不再查"


def left_out(diff: Diff) -> Iterator[str]:
    """A drawn plot that cannot be visited; why is told with the entry."""
    if "status" in diff:
        yield "不查，由同层的下一个替补" if _new(diff, "status") else "恢复为要查"


def found(diff: Diff) -> Iterator[str]:
    """What two people found."""
    who = "、".join(str(name) for name in (_new(diff, "checker"), _new(diff, "second_checker")) if name)
    yield f"{shown('sample_result', 'on_date', _new(diff, 'on_date'))}由{who}检查，结果{_shown(diff, 'outcome')}"
    if _new(diff, "measured_area") is not None:
        yield f"实测 {_shown(diff, 'measured_area')}"
    if _new(diff, "finding"):
        yield " ".join(str(_new(diff, "finding")).split()).rstrip("。；;，, ")


def _shown(diff: Diff, name: str) -> str:
    return shown("sample_result", name, _new(diff, name))


def _new(diff: Diff, name: str) -> Value:
    return diff.get(name, [None, None])[1]
