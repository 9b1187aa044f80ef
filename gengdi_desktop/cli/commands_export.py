"""The command that writes the ledger out: as a table, as forms of villages or plots."""

from __future__ import annotations

from pathlib import Path

from gengdi_desktop.cli.arguments import Parser, UsageError
from gengdi_desktop.cli.conditions import asks_for_evidence, conditions
from gengdi_desktop.cli.context import Context
from gengdi_desktop.cli.output import DONE, few
from gengdi_desktop.cli.targets import require_free
from gengdi_desktop.domain.choices import Choice
from gengdi_desktop.reports.forms.kinds import FormKind


class _VillageForm(Choice):
    """The form that goes to villages; it stands beside those of single plots."""

    VILLAGE = "village", "村级填报表"


_VILLAGE_FORM = _VillageForm.VILLAGE
_FORMS = (_VILLAGE_FORM, *FormKind)


def configure_export(parser: Parser) -> None:
    """LEDGER FILE [PLOT…] [--form F] [--village V] [--where …]."""
    parser.takes_ledger()
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="写到哪个文件：.xlsx .csv，地图 .gpkg .geojson .kml .gpx，档案和表单 .pdf",
    )
    parser.add_argument("plots", metavar="PLOT", nargs="*", help="只印这些图斑的表单；不写也不写 --where 就是全部")
    parser.takes_choice("--form", _FORMS, "不要台账，要一种表单")
    parser.add_argument("--village", metavar="村", default="", help="填报表只要这个村的")
    parser.takes_conditions("表单只要符合条件的图斑，例如 村=白圩村")
    parser.takes_overwrite()


def run_export(context: Context) -> int:
    """Writes the ledger as a table, or the form of the villages."""
    from gengdi_desktop.phases.service import write_village_form
    from gengdi_desktop.reports.service import export

    values = context.values
    if values.village and values.form is not _VILLAGE_FORM:
        raise UsageError("--village 用在填报表上，要一起写 --form village。", "export")
    chosen = bool(values.plots or values.where)
    if chosen and (values.form is None or values.form is _VILLAGE_FORM):
        raise UsageError("选图斑用在图斑的档案和表单上，要一起写 --form，例如 --form dossier。", "export")
    require_free([values.file], overwrite=values.overwrite)
    if values.form is not None and values.form is not _VILLAGE_FORM:
        return _export_forms(context)
    unplaced = 0
    with context.reading() as ledger:
        if values.form is _VILLAGE_FORM:
            rows = write_village_form(ledger, values.file, village=values.village)
        else:
            written = export(ledger, values.file, context.out.progress("导出"))
            rows, unplaced = written.rows, written.unplaced
    told = f"已写出{rows}个图斑：{values.file}"
    if not rows:
        told = f"台账里没有{'要填的' if values.form else ''}图斑，写出的是空表：{values.file}"
    lines = [told, *([f"其中{unplaced}个图斑没有边界也没有中心点，地图上看不到。"] if unplaced else [])]
    context.out.result({"file": str(values.file), "rows": rows, "unplaced": unplaced}, lines)
    return DONE


def _export_forms(context: Context) -> int:
    """Prints dossiers, forms to sign or field sheets into one PDF."""
    from gengdi_desktop.evidence.verdicts.service import fitting
    from gengdi_desktop.ledger.find import find_plot
    from gengdi_desktop.ledger.queries import PlotQuery
    from gengdi_desktop.reports.forms.service import write_forms

    values = context.values
    if values.plots and values.where:
        raise UsageError("图斑要么逐个写出，要么用 --where 按条件选。", "export")
    asked = conditions(values.where)
    with context.reading(keeping=asks_for_evidence(asked)) as ledger:
        plots = None
        if asked:
            plots = fitting(ledger, PlotQuery(conditions=asked, group="village"))
        elif values.plots:
            plots = [find_plot(ledger, said) for said in values.plots]
        written = write_forms(ledger, values.form, values.file, plots, context.out.progress(values.form.label))
    data = {
        "file": str(written.file),
        "rows": written.plots,
        "pages": written.pages,
        "broken": [{"plot": plot, "file": name} for plot, name in written.broken],
    }
    told = [f"已写出{written.plots}个图斑的{values.form.label}，共{written.pages}页：{written.file}"]
    told += few(f"{plot}　“{name}”的文件读不出来，纸上已写明。" for plot, name in written.broken)
    context.out.result(data, told)
    return DONE
