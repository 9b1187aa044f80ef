"""The sheet that goes out to the plot: what the list says, a sketch, boxes to tick, a QR code to find it again."""

from __future__ import annotations

from gengdi_desktop.domain.choices import DisposalClass, Finding, ProblemKind
from gengdi_desktop.domain.scan_codes import scan_code
from gengdi_desktop.reports.forms.blocks import Block, Drawn, PlotForm, Title, pairs, wide
from gengdi_desktop.reports.forms.common_blocks import issued_rows
from gengdi_desktop.reports.forms.dossier import NO_PLACE, Surroundings
from gengdi_desktop.reports.forms.plot_file import PlotFile

_SKETCH_HEIGHT = 235.0
_BOX = "□"


def field_sheet(file: PlotFile, around: Surroundings, number: int, of: int) -> PlotForm:
    """One sheet for one plot.

    Args:
        file: The plot.
        around: Unit, day, sketch.
        number: Which sheet of this printing; sheets come back and are typed in this order.
        of: How many there are.
    """
    blocks: list[Block] = [
        Title("耕地流出图斑外业核查表", f"第 {number} 张，共 {of} 张　打印日期：{around.day}", scan_code(file.id)),
        *issued_rows(file)[:5],
        Drawn(around.sketch, NO_PLACE, _SKETCH_HEIGHT),
        wide("是否属实", _boxes(Finding)),
        wide("问题类型", _boxes(ProblemKind)),
        *pairs(("现状地类", ""), ("现状用途", "")),
        *pairs(("占用主体", ""), ("实测面积", "　　　　　　亩")),
        wide("是否需整改", f"{_BOX}是　　{_BOX}否　　原因："),
        wide("处置类别", _boxes(DisposalClass)),
        wide("照片", f"{_BOX}全景　　{_BOX}近景　　朝向：　　　　　拍照人：　　　　　照片号："),
        wide("成因、备注", "", least=44),
        *pairs(("核查人", ""), ("核查日期", "　　　　年　　月　　日")),
        *pairs(("村干部", ""), ("农户（主体）", "")),
    ]
    return PlotForm(file.id, file.card.line.village, file.name, f"{file.name}　{around.trace}", tuple(blocks))


def _boxes(choices: type[Finding | ProblemKind | DisposalClass]) -> str:
    return "　　".join(f"{_BOX}{one.label}" for one in choices)
