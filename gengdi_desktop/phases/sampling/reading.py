"""Samples as they stand: one with all that follows from it, or all of them in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.sampling import Frame
from gengdi_desktop.errors import RuleError, SurroundingsError
from gengdi_desktop.phases.sampling import store
from gengdi_desktop.phases.sampling.records import (
    SampledPlot,
    SampleHead,
    SampleInfo,
    SampleLine,
    SampleRole,
    StratumLine,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.handle import Ledger

_NO_FRAME = frozenset({"file_missing", "file_damaged"})


def samples(ledger: Ledger) -> tuple[SampleLine, ...]:
    """All samples of a ledger, the newest first."""
    with ledger.reading() as session:
        return tuple(store.lines(session))


def sample(ledger: Ledger, key: str) -> SampleInfo:
    """A sample with its plots, their results and what follows from them.

    Args:
        ledger: The open ledger.
        key: Its id, or the beginning of it or of the frame's hash where only one sample is meant, or its name.

    Raises:
        RuleError: ``unknown_sample``.
    """
    with ledger.reading() as session:
        return info(ledger, session, find(session, key))


def frame_text(ledger: Ledger, key: str) -> str:
    """The frozen frame as it was hashed, a line for each plot.

    Raises:
        RuleError: ``unknown_sample``; ``no_frame``: its file did not come into this ledger.
        SurroundingsError: ``file_missing`` or ``file_damaged``.
    """
    with ledger.reading() as session:
        return _text(ledger, session, find(session, key))


def frame(ledger: Ledger, session: Session, head: SampleHead) -> Frame:
    """The frozen frame of a sample.

    Raises:
        RuleError: ``no_frame``.
        SurroundingsError: ``file_missing`` or ``file_damaged``.
    """
    return Frame.read(_text(ledger, session, head))


def find(session: Session, key: str) -> SampleHead:
    """The sample that is meant.

    Raises:
        RuleError: ``unknown_sample``.
    """
    wanted = key.strip()
    head = store.find(session, wanted) if wanted else None
    if head is not None:
        return head
    fitting = [
        one.id
        for one in store.lines(session)
        if wanted and (wanted == one.name or one.id.startswith(wanted.lower()))
    ]  # fmt: skip
    found = store.find(session, fitting[0]) if len(fitting) == 1 else None
    if found is None:
        told = "有几次抽样都叫" if fitting else "没有抽样"
        raise RuleError("unknown_sample", f"{told}“{wanted}”，台账没有变。", "请照抄抽样的编号。")
    return found


def info(ledger: Ledger, session: Session, head: SampleHead) -> SampleInfo:
    """A sample inside an open snapshot."""
    plots = store.plots(session, head)
    try:
        known = _sizes(_text(ledger, session, head))
    except RuleError:
        known = {}
    except SurroundingsError as error:
        if error.code not in _NO_FRAME:
            raise
        known = {}  # what was drawn can still be told
    return SampleInfo(
        **{one.name: getattr(head, one.name) for one in fields(head)}, strata=_strata(known, plots), plots=plots
    )


def _text(ledger: Ledger, session: Session, head: SampleHead) -> str:
    file = store.frame_file(session, head)
    if file is None:
        raise RuleError(
            "no_frame", "抽样框的文件没有随抽查任务包带到这本台账里。", "请在抽样的那本台账里办，或请对方重新打包。"
        )
    return ledger.folder.read(file).decode()


def _sizes(text: str) -> dict[str, tuple[int, int]]:
    """How many plots each stratum of a frame has, and their area in 10⁻⁶ mu; a large frame stays a text."""
    found: dict[str, tuple[int, int]] = {}
    for line in text.splitlines():
        stratum, _, area = line.split("\t")
        plots, together = found.get(stratum, (0, 0))
        found[stratum] = plots + 1, together + int(area)
    return found


def _strata(known: Mapping[str, tuple[int, int]], plots: tuple[SampledPlot, ...]) -> tuple[StratumLine, ...]:
    share = Counter(one.stratum for one in plots if one.role is SampleRole.DRAWN)
    places = Counter(one.stratum for one in plots if not one.replaced)
    checked = Counter(one.stratum for one in plots if one.result is not None)
    failed = Counter(one.stratum for one in plots if one.result is not None and one.result.failed)
    return tuple(
        StratumLine(
            name=name,
            plots=known[name][0] if name in known else None,
            area=Area(known[name][1]) if name in known else None,
            share=share[name],
            places=places[name],
            checked=checked[name],
            failed=failed[name],
        )
        for name in sorted({*known, *share})
    )
