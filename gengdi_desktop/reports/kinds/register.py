"""整改台账 alone: the ledger as it stands, without a covering paper."""

from __future__ import annotations

from dataclasses import replace

from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Annex, RegisterPaper
from gengdi_desktop.reports.register_table import Scope, register_annex
from gengdi_desktop.reports.settings import signer_fields
from gengdi_desktop.reports.wording import Writer

CODE = "register"
LABEL = "整改台账"
TEMPLATE = "register/1"


def compose(material: Material, writer: Writer) -> RegisterPaper:
    """The ledger; its signature fields stand beside the names below it."""
    del writer  # a table has no sentences
    return alone(CODE, material, register_annex(material, Scope.RECTIFICATION))


def alone(kind: str, material: Material, annex: Annex) -> RegisterPaper:
    """A table that goes up without a covering paper, signed by those named below it."""
    settings = material.settings
    signers = tuple(replace(one, seal=False) for one in signer_fields(settings.signers))
    if signers:
        annex = replace(annex, footers=tuple(f"{one.role}：{one.name}" for one in signers))
    return RegisterPaper(
        kind=kind,
        draft=material.draft,
        number=settings.number.strip(),
        annex=annex,
        organ=material.organ,
        day=settings.day,
        recipient=settings.recipient,
        signers=signers,
        trace=material.trace,
        sample=material.snapshot.sample,
    )
