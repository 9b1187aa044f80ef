"""What keeps rows out, as a workbook that can be sent back to whoever made the list."""

from __future__ import annotations

import io
from pathlib import Path

import xlsxwriter

from gengdi_desktop.intake.previews import ImportPreview
from gengdi_desktop.system.files import writing

_HEADS = (("工作表", 16), ("行", 7), ("列", 6), ("原表写的", 26), ("问题", 64))
_HIDDEN = "（不显示）"


def write_problem_list(found: ImportPreview, path: Path) -> int:
    """Write one line for each problem of a row: where it is, what stands there, what is wrong.

    Cells of private columns are not written out.

    Args:
        found: The preview; it stays open.
        path: Where to; an older file is replaced whole.

    Returns:
        How many problems it lists.

    Raises:
        SurroundingsError: The place cannot be written.
    """
    written = _written(found)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("问题清单")
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.merge_range(0, 0, 0, len(_HEADS) - 1, f"{found.book.path.name}：{len(found.problems)} 处要改", head)
    for column, (name, width) in enumerate(_HEADS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, name, head)
    for at, one in enumerate(found.problems, 2):
        text = written.get((one.sheet, one.row or 0, one.column), "")
        for column, value in enumerate((one.sheet, str(one.row or ""), one.column, text, one.message)):
            sheet.write_string(at, column, value, cell)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    book.close()
    with writing(path) as stream:
        stream.write(buffer.getvalue())
    return len(found.problems)


def _written(found: ImportPreview) -> dict[tuple[str, int, str], str]:
    """What stands in the cells that have a problem; one pass over the sheets."""
    from gengdi_desktop.sheets.problems import column_index

    wanted: dict[tuple[str, int], set[str]] = {}
    for one in found.problems:
        if one.row is not None and one.column:
            wanted.setdefault((one.sheet, one.row), set()).add(one.column)
    texts: dict[tuple[str, int, str], str] = {}
    for sheet in found.sheets_read:
        name = sheet.sheet.name
        for row in sheet.sheet.rows() if any(key[0] == name for key in wanted) else ():
            for letters in wanted.get((name, row.number), ()):
                column = column_index(letters)
                texts[name, row.number, letters] = _HIDDEN if column in found.private else row.text(column)
    return texts
