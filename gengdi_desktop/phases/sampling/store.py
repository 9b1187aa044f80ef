"""The only SQL of the sample: who may be drawn, what was drawn, what was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import text
from sqlmodel import select

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.choices import ProblemKind, SpotCheckOutcome, Stage
from gengdi_desktop.domain.sampling import order_key
from gengdi_desktop.domain.states import State
from gengdi_desktop.errors import RuleError
from gengdi_desktop.ledger.figures import BUCKET_SUM
from gengdi_desktop.ledger.words import plot_name
from gengdi_desktop.phases.sampling.line_up import Placed
from gengdi_desktop.phases.sampling.records import (
    MILLION,
    CheckResult,
    SampledPlot,
    SampleHead,
    SampleLine,
    SampleRole,
    SampleStatus,
    SeedSource,
)
from gengdi_desktop.phases.sampling.strata import Candidate, Risk, is_large, strata_of
from gengdi_desktop.storage.stopping import rows
from gengdi_desktop.storage.tables import SamplePlotRow, SampleResultRow, SampleRow, StoredFileRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.ledger.folder import FileRow
    from gengdi_desktop.storage.unit_of_work import Work

MAY_BE_DRAWN: Final = (State.CLAIMED, State.ACCEPTED, State.COUNTY_ACCEPTED, State.CLOSED)
"""The states of which a township says that the plot is in place."""
_STATES: Final = ", ".join(f"'{state.value}'" for state in MAY_BE_DRAWN)
_KIND: Final = "coalesce(nullif(p.problem_kind, ''), p.kind)"
_KINDS: Final = {one.value: one.label for one in ProblemKind}
_THESE: Final = "(SELECT value FROM json_each(:keys))"
_CANDIDATES: Final = f"""
    SELECT p.id, p.township, p.village, {_KIND}, {BUCKET_SUM},
           r.deadline <> '' AND r.claimed_on > r.deadline,
           EXISTS (SELECT 1 FROM acceptance a WHERE a.plot_id = p.id AND a.round = p.round AND a.single_handed = 1),
           EXISTS (SELECT 1 FROM plot_return b WHERE b.plot_id = p.id AND b.withdrawn = 0),
           p.round > 1,
           EXISTS (SELECT 1 FROM spot_check c WHERE c.plot_id = p.id AND c.outcome = '{SpotCheckOutcome.FAILED.value}')
    FROM plot p LEFT JOIN round r ON r.plot_id = p.id AND r.number = p.round
    WHERE p.state IN ({_STATES}) AND p.held = 0
      AND (:scope = '' OR :scope IN (p.township, p.village, p.township || '/' || p.village))
    ORDER BY p.id
"""
_RISKS: Final = (Risk.LATE, Risk.SINGLE_HANDED, Risk.RETURNED, Risk.REOPENED, Risk.FAILED)
_PLOTS: Final = f"""
    SELECT s.plot_id, p.village, p.plot_no, p.township, {_KIND}, p.state, s.stratum, s.place, s.round, s.area, s.role,
           s.replaces, s.status, s.reason,
           (SELECT count(*) FROM attachment a WHERE a.plot_id = s.plot_id AND a.round = s.round AND a.removed = 0
            AND a.stage = '{Stage.SPOT_CHECK.value}')
    FROM sample_plot s JOIN plot p ON p.id = s.plot_id
    WHERE s.sample_id = :sample ORDER BY s.stratum, s.place
"""
REPLACED: Final = "replaced"
"""The status of a drawn plot that could not be visited; that of the others is empty."""


# ------------------------------------------------------------------------------------------------------------- reading


def candidates(session: Session, scope: str, doubtful: frozenset[str] = frozenset()) -> list[Candidate]:
    """The plots that may be drawn; those that wait or are disputed cannot be checked and stay out.

    Args:
        session: An open snapshot.
        scope: Township, village or ``township/village``; empty for all.
        doubtful: Plots whose evidence is not complete.
    """
    found = []
    for plot, township, village, kind, area, *facts in rows(session, _CANDIDATES, {"scope": scope}):
        risks = {risk for risk, holds in zip(_RISKS, facts, strict=True) if holds}
        if is_large(Area(area)):
            risks.add(Risk.LARGE)
        if plot in doubtful:
            risks.add(Risk.DOUBTFUL)
        found.append(Candidate(plot, township, village, _KINDS.get(kind, kind), Area(area), frozenset(risks)))
    return found


def find(session: Session, sample: str) -> SampleHead | None:
    """What is said of a sample as a whole."""
    row = session.get(SampleRow, sample)
    return None if row is None else _head(session, row)


def chain(session: Session, head: SampleHead) -> list[SampleHead]:
    """A sample and those that it contains, the smallest last."""
    found = {head.id: head}
    inner = head.enlarges
    # One that came in a package may name a circle.
    while inner is not None and inner not in found and (below := find(session, inner)) is not None:
        found[below.id] = below
        inner = below.enlarges
    return list(found.values())


def drawn_of_frame(session: Session, frame_hash: str) -> list[SampleHead]:
    """All samples that were drawn of a frame, the oldest first."""
    query = select(SampleRow).where(SampleRow.frame_hash == frame_hash, SampleRow.seed != "")
    return [_head(session, row) for row in session.exec(query.order_by(text("rowid")))]


def framed_only(session: Session, frame_hash: str) -> SampleHead | None:
    """A sample of this frame that waits for its seed."""
    query = select(SampleRow).where(SampleRow.frame_hash == frame_hash, SampleRow.seed == "")
    row = session.exec(query.order_by(text("rowid"))).first()
    return None if row is None else _head(session, row)


def frame_file(session: Session, head: SampleHead) -> FileRow | None:
    """The kept file of a sample's frame."""
    return session.get(StoredFileRow, head.frame_hash)


def lines(session: Session) -> list[SampleLine]:
    """All samples, the newest first."""
    found = []
    for row in session.exec(select(SampleRow).order_by(text("framed_on DESC, rowid DESC"))).all():
        head = _head(session, row)
        mine = rows(session, "SELECT plot_id, status FROM sample_plot WHERE sample_id = :sample", {"sample": head.id})
        known = results(session, chain(session, head))
        outcomes = [known[plot] for plot, _ in mine if plot in known]
        found.append(
            SampleLine(
                id=head.id,
                name=head.name,
                status=head.status,
                framed_on=head.framed_on,
                drawn_on=head.drawn_on,
                frame_hash=head.frame_hash,
                frame_plots=head.frame_plots,
                seed=head.seed,
                enlarges=head.enlarges,
                drawn=sum(1 for _, status in mine if not status),
                checked=len(outcomes),
                failed=sum(1 for one in outcomes if one.failed),
            )
        )
    return found


def _head(session: Session, row: SampleRow) -> SampleHead:
    larger = session.exec(select(SampleRow.id).where(SampleRow.enlarges == row.id)).first()
    return SampleHead(
        id=row.id,
        name=row.name,
        status=SampleStatus(row.status),
        framed_on=date.fromisoformat(row.framed_on),
        drawn_on=date.fromisoformat(row.drawn_on) if row.drawn_on else None,
        strata_fields=strata_of(filter(None, row.strata.split(","))),
        scope=row.scope,
        frame_hash=row.frame_hash,
        frame_plots=row.frame_plots,
        frame_area=Area(row.frame_area),
        seed=row.seed,
        seed_source=SeedSource(row.seed_source) if row.seed_source else None,
        wanted=row.wanted,
        fail_limit=Fraction(row.fail_limit, MILLION),
        enlarges=row.enlarges,
        enlarged_by=larger,
        reason=row.reason,
    )


def results(session: Session, samples: Iterable[SampleHead]) -> dict[str, CheckResult]:
    """The result of each plot in these samples; of two for one plot that of the sample named first.

    One that was entered and then came otherwise from the team is to be entered again: the plot's record says what was.
    """
    found: dict[str, SampleResultRow] = {}
    for one in samples:
        for row in session.exec(select(SampleResultRow).where(SampleResultRow.sample_id == one.id)).all():
            found.setdefault(row.plot_id, row)
    entered = orjson.dumps([plot for plot, row in found.items() if row.entered]).decode()
    query = f"SELECT plot_id, on_date, outcome, measured_area FROM spot_check WHERE plot_id IN {_THESE}"
    recorded = set(rows(session, query, {"keys": entered}))
    return {plot: _result(row, recorded) for plot, row in found.items()}


def plots(session: Session, head: SampleHead) -> tuple[SampledPlot, ...]:
    """The plots of a sample in the order of the draw, with what was found at them."""
    found = results(session, chain(session, head))
    return tuple(_sampled(head.seed, values, found) for values in rows(session, _PLOTS, {"sample": head.id}))


def rounds(session: Session, wanted: Iterable[str]) -> dict[str, int]:
    """The current round of each plot that the ledger has."""
    query = f"SELECT id, round FROM plot WHERE id IN {_THESE}"
    return dict(rows(session, query, {"keys": orjson.dumps(list(wanted)).decode()}))


def claimers(session: Session, plot: str) -> set[str]:
    """Who claimed a plot in its current round."""
    query = (
        "SELECT r.claimed_by FROM round r JOIN plot p ON p.id = r.plot_id AND p.round = r.number "
        "WHERE p.id = :plot AND r.claimed_by <> ''"
    )
    return {one[0] for one in rows(session, query, {"plot": plot})}


def holders(session: Session, head: SampleHead, plot: str) -> list[SampleHead]:
    """The samples of a chain in which a plot is to be checked, the smallest last."""
    query = "SELECT 1 FROM sample_plot WHERE sample_id = :sample AND plot_id = :plot AND status = ''"
    return [one for one in chain(session, head) if rows(session, query, {"sample": one.id, "plot": plot})]


def _sampled(seed: str, values: tuple[Any, ...], found: Mapping[str, CheckResult]) -> SampledPlot:
    plot, village, number, township, kind, state, stratum, place, round_number, area, role, *rest = values
    replaces, status, reason, photos = rest
    return SampledPlot(
        plot=plot,
        name=plot_name(village, number),
        township=township,
        village=village,
        kind=_KINDS.get(kind, kind),
        state=State(state),
        stratum=stratum,
        place=place,
        order_key=order_key(seed, plot),
        round=round_number,
        area=Area(area),
        role=SampleRole(role),
        replaces=replaces,
        replaced=status == REPLACED,
        reason=reason,
        photos=photos,
        result=found.get(plot),
    )


def _result(row: SampleResultRow, recorded: Collection[tuple[Any, ...]]) -> CheckResult:
    return CheckResult(
        sample=row.sample_id,
        on_date=date.fromisoformat(row.on_date),
        outcome=SpotCheckOutcome(row.outcome),
        measured_area=None if row.measured_area is None else Area(row.measured_area),
        finding=row.finding,
        checker=row.checker,
        second_checker=row.second_checker,
        entered=bool(row.entered) and (row.plot_id, row.on_date, row.outcome, row.measured_area) in recorded,
        document_number=row.document_number,
        sent_back=bool(row.sent_back),
    )


# ------------------------------------------------------------------------------------------------------------- writing


def put_sample(work: Work, head: SampleHead) -> None:
    """Put a sample in, or what has become of it."""
    row = work.session.get(SampleRow, head.id)
    if row is None:
        row = SampleRow(id=head.id, frame_hash=head.frame_hash, frame_file=head.frame_hash)
        row.strata, row.scope = ",".join(head.strata_fields), head.scope
        row.frame_plots, row.frame_area = head.frame_plots, head.frame_area.micro_mu
        row.framed_on, row.fail_limit = head.framed_on.isoformat(), round(head.fail_limit * MILLION)
        row.name, row.enlarges = head.name, head.enlarges
    row.status, row.seed, row.wanted, row.reason = head.status.value, head.seed, head.wanted, head.reason
    row.drawn_on = head.drawn_on.isoformat() if head.drawn_on else None
    row.seed_source = head.seed_source.value if head.seed_source else ""
    work.session.add(row)


def put_plots(work: Work, sample: str, line: Sequence[Placed], reasons: Mapping[str, str]) -> None:
    """Put in the plots of a sample that are not there yet; of the others only what became of them is changed.

    Args:
        work: The action.
        sample: The sample's id.
        line: Who is checked, and who cannot be.
        reasons: Why not, by plot.

    Raises:
        RuleError: ``frame_outdated``, ``reserve_elsewhere``: a plot of the line is not in this ledger.
    """
    there = {row.plot_id: row for row in _plot_rows(work.session, sample)}
    for one in line:
        row = there.get(one.plot.plot)
        if row is not None and one.plot.plot in reasons and row.status != REPLACED:
            row.status, row.reason = REPLACED, reasons[one.plot.plot]
            work.session.add(row)
    new = [one for one in line if one.plot.plot not in there]
    current = rounds(work.session, (one.plot.plot for one in new))
    if len(current) < len(new):
        raise _reserve_elsewhere() if there or reasons else _frame_outdated()
    work.bulk(
        SamplePlotRow,
        ("id", "sample_id", "plot_id", "round", "stratum", "place", "area", "role", "replaces", "status", "reason"),
        (_plot_cells(sample, one, current[one.plot.plot], reasons) for one in new),
    )


def _reserve_elsewhere() -> RuleError:
    return RuleError(
        "reserve_elsewhere", "按次序要用的图斑不在这本台账里，没有抽。", "请在抽样的那本台账里办，再发一次抽查结果包。"
    )


def _frame_outdated() -> RuleError:
    return RuleError("frame_outdated", "抽样框里有图斑已不在台账里，没有抽样。", "请重新封存抽样框再抽。")


def _plot_rows(session: Session, sample: str) -> Iterator[SamplePlotRow]:
    yield from session.exec(select(SamplePlotRow).where(SamplePlotRow.sample_id == sample))


def _plot_cells(sample: str, one: Placed, current: int, reasons: Mapping[str, str]) -> tuple[str | int | None, ...]:
    plot = one.plot.plot
    out = (REPLACED, reasons[plot]) if plot in reasons else ("", "")
    key, area = f"{sample}:{plot}", one.plot.area.micro_mu
    return (key, sample, plot, current, one.plot.stratum, one.place, area, one.role.value, one.replaces, *out)


def put_result(work: Work, plot: str, result: CheckResult) -> None:
    """Put in what was found at a plot, or put it right."""
    key = f"{result.sample}:{plot}"
    row = work.session.get(SampleResultRow, key)
    if row is None:
        row = SampleResultRow(id=key, sample_id=result.sample, plot_id=plot)
    row.on_date = result.on_date.isoformat()
    row.outcome = result.outcome.value
    row.measured_area = None if result.measured_area is None else result.measured_area.micro_mu
    row.finding, row.checker, row.second_checker = result.finding, result.checker, result.second_checker
    work.session.add(row)


def mark_entered(work: Work, found: Mapping[str, CheckResult], document: str) -> None:
    """Note that the results of these plots stand in the plots' own records, by this document."""
    for plot, result in found.items():
        row = work.session.get_one(SampleResultRow, f"{result.sample}:{plot}")
        row.entered, row.document_number = 1, document
        work.session.add(row)


def mark_sent_back(work: Work, found: Mapping[str, CheckResult]) -> None:
    """Note that these failed plots were returned."""
    for plot, result in found.items():
        row = work.session.get_one(SampleResultRow, f"{result.sample}:{plot}")
        row.sent_back = 1
        work.session.add(row)
