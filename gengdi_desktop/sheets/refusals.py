"""The sentences for files that cannot be read as tables: one for each reason, in one place."""

from __future__ import annotations

from collections.abc import Mapping

from gengdi_desktop.errors import SurroundingsError

_RESAVE = "请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。"

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "file_missing": ("找不到这个文件，台账没有变。", "请确认 U 盘已插好、文件没有改名，再选一次。"),
    "file_unreadable": ("这个文件现在打不开，台账没有变。", "如果它正在 WPS 或 Excel 里打开，请关闭后重试。"),
    "not_a_file": ("选中的是文件夹，不是表格文件，台账没有变。", "请选文件夹里的清单文件。"),
    "file_empty": ("这个文件是空的（0 字节），台账没有变。", "多半是拷贝没有完成，请重新拷贝。"),
    "file_too_large": ("这个文件太大，不像一份清单，台账没有变。", "请核对是否选错了文件。"),
    "file_truncated": ("文件不完整，后半截缺失，台账没有变。", "请重新拷贝，或向发文单位再要一份。"),
    "file_damaged": (
        "文件内容已损坏，读不出表格，台账没有变。",
        "请重新拷贝；如果能用 WPS 打开，请另存为 .xlsx 后再导入。",
    ),
    "password": ("文件设了打开密码，读不出内容，台账没有变。", "请在 WPS 里打开，另存为无密码的文件后再导入。"),
    "not_a_table": ("这个文件的内容不是表格，台账没有变。", "请选 .xlsx、.xls、.et、.ods 或 .csv 的清单文件。"),
    "xlsb": ("这是二进制工作簿（.xlsb），不能直接读，台账没有变。", _RESAVE),
    "xml_2003": ("这是 XML 格式的旧表格，不能直接读，台账没有变。", _RESAVE),
    "web_archive": ("这是网页归档格式的表格，不能直接读，台账没有变。", _RESAVE),
    "text_coding": ("这个文本文件的文字编码认不出来，台账没有变。", _RESAVE),
    "unpacks_too_large": (
        "文件解开后大得不正常，已经停止读取，台账没有变。",
        "请核对文件来源；确实是清单的，请另存为 .xlsx 再试。",
    ),
    "too_many_cells": (
        "表里的单元格太多，已经停止读取，台账没有变。",
        "请删去无关的工作表和空白行列，另存为 .xlsx 后再导入。",
    ),
}


def refusal(code: str) -> SurroundingsError:
    """The error for a reason; the code is the reason itself."""
    message, hint = _SENTENCES[code]
    return SurroundingsError(code, message, hint)
