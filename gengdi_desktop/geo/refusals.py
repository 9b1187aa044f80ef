"""The sentences for files whose shapes cannot be read: one for each reason, in one place."""

from __future__ import annotations

from collections.abc import Mapping

from gengdi_desktop.errors import SurroundingsError

_ASK_AGAIN = "请重新拷贝，或向发文单位再要一份。"

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "file_missing": ("找不到这个文件，台账没有变。", "请确认 U 盘已插好、文件没有改名，再选一次。"),
    "file_unreadable": ("这个文件现在打不开，台账没有变。", "如果它正在别的程序里打开，请关闭后重试。"),
    "file_empty": ("这个文件是空的（0 字节），台账没有变。", "多半是拷贝没有完成，请重新拷贝。"),
    "file_too_large": ("这个文件太大，不像一份清单，台账没有变。", "请核对是否选错了文件，或只导出本乡镇的图斑。"),
    "no_shapes": (
        "这个文件里没有图斑图形，台账没有变。",
        "请选 .shp、.gpkg、.geojson、.kml、.kmz、.gdb，或装着它们的 .zip。",
    ),
    "no_features": ("图形文件里一个图斑也没有，台账没有变。", "请核对是否选错了文件，或向发文单位再要一份。"),
    "shp_damaged": ("图形文件（.shp）坏了或不完整，读不出图斑，台账没有变。", _ASK_AGAIN),
    "shp_missing": (
        "只有属性表（.dbf），找不到同名的图形文件（.shp），台账没有变。",
        "请把同名的一套文件放在一起再导入。",
    ),
    "dbf_missing": (
        "只有图形文件（.shp），找不到同名的属性表（.dbf），没有图斑编号，台账没有变。",
        "请把同名的一套文件放在一起再导入。",
    ),
    "dbf_damaged": ("属性表（.dbf）坏了或不完整，读不出来，台账没有变。", _ASK_AGAIN),
    "counts_differ": (
        "图形文件（.shp）和属性表（.dbf）的图斑个数不一样，分不清哪个图形是哪个图斑，台账没有变。",
        _ASK_AGAIN,
    ),
    "not_polygons": (
        "图形不是平面的面（是三维面片），不能当图斑的边界，台账没有变。",
        "请让发文单位另存为普通的面图层。",
    ),
    "zip_damaged": ("压缩包坏了或不完整，解不开，台账没有变。", _ASK_AGAIN),
    "zip_locked": ("压缩包设了密码，解不开，台账没有变。", "请先解压出来，再导入里面的 .shp。"),
    "unpacks_too_large": (
        "压缩包解开后大得不正常，已经停止读取，台账没有变。",
        "请核对文件来源；确实是清单的，请先解压再导入。",
    ),
    "geopackage_damaged": ("这个 GeoPackage 文件坏了，或不是 GeoPackage，读不出来，台账没有变。", _ASK_AGAIN),
    "json_damaged": ("这个 GeoJSON 文件坏了或不完整，读不出来，台账没有变。", _ASK_AGAIN),
    "kml_damaged": ("这个 KML 文件坏了或不完整，读不出来，台账没有变。", _ASK_AGAIN),
    "gdb_not_here": (
        "这台电脑上的程序没有装文件地理数据库（.gdb）的读取组件，没有读，台账没有变。",
        "请让发文单位导出成 .shp 或 .gpkg 再导入。",
    ),
    "gdb_damaged": ("这个文件地理数据库（.gdb）坏了或不完整，读不出来，台账没有变。", _ASK_AGAIN),
    "too_many_cells": ("属性太多，已经停止读取，台账没有变。", "请只导出本乡镇的图斑，去掉用不着的字段。"),
}


def refusal(code: str) -> SurroundingsError:
    """The error for a reason; the code is the reason itself."""
    message, hint = _SENTENCES[code]
    return SurroundingsError(code, message, hint)
