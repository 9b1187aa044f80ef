"""The only SQL of the evidence rules: what they ask of plots, and the county's own version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import col, func, select

from gengdi_desktop.domain.areas import Area
from gengdi_desktop.domain.buckets import Buckets
from gengdi_desktop.domain.choices import Finding, ProblemKind, ProofKind, Stage, choice_of
from gengdi_desktop.domain.evidence import EvidenceFacts, Method
from gengdi_desktop.domain.plots import EvidenceCounts, RoundFacts
from gengdi_desktop.domain.states import Bucket
from gengdi_desktop.evidence.store import parts
from gengdi_desktop.storage.tables import AttachmentRow, CampaignRow, PlotRow, RoundRow, RuleRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work

_CODE = "evidence"


def every_plot(session: Session) -> list[str]:
    """Own ids of all plots, in the ledger's order."""
    return list(session.exec(select(PlotRow.id).order_by(col(PlotRow.position), col(PlotRow.id))).all())


def facts(session: Session, plots: Iterable[str]) -> dict[str, EvidenceFacts]:
    """What rules ask of plots, by own id; open questions aside."""
    found: dict[str, EvidenceFacts] = {}
    for some in parts(plots):
        counts = _counts(session, some)
        query = (
            select(PlotRow, RoundRow)
            .join(
                RoundRow,
                (col(RoundRow.plot_id) == col(PlotRow.id)) & (col(RoundRow.number) == col(PlotRow.round)),
                isouter=True,
            )
            .where(col(PlotRow.id).in_(some))
        )
        for plot, current in session.exec(query).all():
            found[plot.id] = replace(
                _of_round(current),
                kind=choice_of(ProblemKind, plot.problem_kind) or choice_of(ProblemKind, plot.kind),
                class_after=plot.class_after,
                finding=choice_of(Finding, plot.finding),
                evidence=counts[plot.id],
            )
    return found


def _of_round(current: RoundRow | None) -> EvidenceFacts:
    if current is None:
        return EvidenceFacts()
    buckets = Buckets(**{bucket.value: Area(getattr(current, bucket.value)) for bucket in Bucket})
    return EvidenceFacts(
        methods=frozenset(Method.PAPER if bucket.on_paper else Method.GROUND for bucket in buckets.filled),
        round=RoundFacts(
            number=current.number,
            crop=current.crop,
            sown_on=date.fromisoformat(current.sown_on) if current.sown_on else None,
            demolition_record=current.demolition_record,
            proof_kind=choice_of(ProofKind, current.proof_kind),
            proof_statement=current.proof_statement,
            proof_document=current.proof_document,
        ),
    )


def _counts(session: Session, plots: list[str]) -> dict[str, EvidenceCounts]:
    """How many files the current round of plots has, by stage."""
    photos: dict[str, dict[Stage, int]] = defaultdict(dict)
    files: dict[str, dict[Stage, int]] = defaultdict(dict)
    query = (
        select(
            AttachmentRow.plot_id,
            AttachmentRow.stage,
            func.count(),
            func.sum(col(AttachmentRow.media_type).like("image/%")),
        )
        .where(col(PlotRow.id) == col(AttachmentRow.plot_id), col(PlotRow.round) == col(AttachmentRow.round))
        .where(AttachmentRow.removed == 0, col(AttachmentRow.plot_id).in_(plots))
        .group_by(AttachmentRow.plot_id, AttachmentRow.stage)
    )
    for plot, stage, whole, pictures in session.exec(query).all():
        files[plot][Stage(stage)] = whole
        photos[plot][Stage(stage)] = int(pictures or 0)
    return defaultdict(EvidenceCounts, {plot: EvidenceCounts(photos[plot], files[plot]) for plot in files})


def own_rules(session: Session) -> str | None:
    """The rules that the county set, as TOML; None where the program's are in force."""
    query = text("SELECT value FROM rule WHERE code = :code ORDER BY id DESC LIMIT 1")
    return session.connection().execute(query, {"code": _CODE}).scalar()


def set_own_rules(work: Work, value: str, *, version: str, source: str) -> bool:
    """Put the county's rules in force; False where no campaign is set to which they could belong."""
    campaign = work.session.exec(select(CampaignRow.id).order_by(col(CampaignRow.id).desc())).first()
    if campaign is None:
        return False
    for row in work.session.exec(select(RuleRow).where(RuleRow.code == _CODE)).all():
        work.session.delete(row)
    work.session.add(RuleRow(campaign_id=campaign, code=_CODE, value=value, version=version, source=source))
    return True
