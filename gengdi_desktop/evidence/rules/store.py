"""The only SQL of the evidence rules: the county's own version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import col, select

from gengdi_desktop.storage.tables import CampaignRow, RuleRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from gengdi_desktop.storage.unit_of_work import Work

_CODE = "evidence"


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
