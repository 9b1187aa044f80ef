"""退回清单 alone: the plots of a sample that did not pass, as it goes to the townships."""

from __future__ import annotations

from gengdi_desktop.errors import RuleError
from gengdi_desktop.reports.check_tables import return_annex
from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import RegisterPaper
from gengdi_desktop.reports.kinds.register import alone
from gengdi_desktop.reports.kinds.spot_check_report import checked_sample
from gengdi_desktop.reports.wording import Writer

CODE = "return_list"
LABEL = "退回清单"
TEMPLATE = "return_list/1"


def compose(material: Material, writer: Writer) -> RegisterPaper:
    """The list; its signature fields stand beside the names below it.

    Raises:
        RuleError: ``nothing_checked``, ``nothing_failed``.
    """
    del writer  # a table has no sentences
    sample = checked_sample(material)
    if not sample.failed:
        raise RuleError(
            "nothing_failed", f"“{sample.name}”没有不合格的图斑，没有退回清单可以写。", "抽查情况请写在抽查情况报告里。"
        )
    return alone(CODE, material, return_annex(material, sample))
