"""Which forms of plots there are."""

from __future__ import annotations

from gengdi_desktop.domain.choices import Choice


class FormKind(Choice):
    """The forms that are printed of single plots."""

    DOSSIER = "dossier", "整改档案"
    ACCEPTANCE = "acceptance", "验收单"
    CLOSING = "closing", "销号单"
    FIELD_SHEET = "field_sheet", "外业核查表"
