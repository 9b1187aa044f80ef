"""整改工作报告 in the form of a report, with letterhead and 签发人."""

from __future__ import annotations

from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Document, Form
from gengdi_desktop.reports.kinds import rectification
from gengdi_desktop.reports.wording import Writer

TEMPLATE = rectification.TEMPLATE
CODE = "rectification_report"
LABEL = "整改工作报告（报告）"


def compose(material: Material, writer: Writer) -> Document:
    """The paper."""
    return rectification.rectification(CODE, Form.REPORT, material, writer)
