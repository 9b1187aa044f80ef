"""整改台账 alone: the ledger as it stands, without a covering paper."""

from __future__ import annotations

from dataclasses import replace

from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import RegisterPaper
from gengdi_desktop.reports.register_table import Scope, register_annex
from gengdi_desktop.reports.settings import signer_fields
from gengdi_desktop.reports.wording import Writer

CODE = "register"
LABEL = "整改台账"
TEMPLATE = "register/1"


def compose(material: Material, writer: Writer) -> RegisterPaper:
    """The ledger; its signature fields stand beside the names below it."""
    del writer  # a table has no sentences
    settings = material.settings
    annex = register_annex(material, Scope.RECTIFICATION)
    signers = tuple(replace(one, seal=False) for one in signer_fields(settings.signers))
    if signers:
        annex = replace(annex, footers=tuple(f"{one.role}：{one.name}" for one in signers))
    return RegisterPaper(
        kind=CODE,
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
