"""整改工作报告 in the form of a letter (函报), the form that the county's notice asks for."""

from __future__ import annotations

from gengdi_desktop.reports.composing import Material
from gengdi_desktop.reports.document import Document, Form
from gengdi_desktop.reports.kinds import rectification
from gengdi_desktop.reports.wording import Writer

TEMPLATE = rectification.TEMPLATE
CODE = "rectification_letter"
LABEL = "整改工作报告（函报）"


def compose(material: Material, writer: Writer) -> Document:
    """The paper."""
    return rectification.rectification(CODE, Form.LETTER, material, writer)
