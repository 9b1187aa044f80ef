"""What the driver reports, told in the three families of errors and in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from gengdi_desktop.errors import GengdiError, ProgramError, SurroundingsError
from gengdi_desktop.storage import driver

NOTHING_LOST = "台账没有变。"

SENTENCES: tuple[tuple[str, str, str, str], ...] = (
    ("SQLITE_FULL", "disk_full", "磁盘空间不足，这次修改没有保存。" + NOTHING_LOST, "请清理磁盘后再做一次。"),
    ("SQLITE_BUSY", "locked", "台账正被另一个程序占用，这次修改没有保存。" + NOTHING_LOST, "请关掉另一个窗口后再试。"),
    ("SQLITE_LOCKED", "locked", "台账正被另一个程序占用，这次修改没有保存。" + NOTHING_LOST, "请稍后再试。"),
    ("SQLITE_READONLY", "read_only", "台账所在的文件夹不能写入。" + NOTHING_LOST, "请把台账复制到本机硬盘再打开。"),
    (
        "SQLITE_IOERR",
        "io_error",
        "读写磁盘时出错，这次修改没有保存。" + NOTHING_LOST,
        "请先把台账文件夹复制到另一个盘。",
    ),
    ("SQLITE_CORRUPT", "damaged", "台账文件已损坏，程序停止写入。", "请用最近的备份恢复，原文件不要删。"),
    ("SQLITE_NOTADB", "not_a_ledger", "这不是本程序的台账文件。", "请选择台账文件夹里的 ledger.gengdi。"),
    ("SQLITE_CANTOPEN", "cannot_open", "打不开台账文件。", "请看看盘是否插好、文件夹是否还在。"),
    ("SQLITE_PERM", "read_only", "没有权限读写台账文件。", "请把台账复制到自己的文件夹再打开。"),
    ("SQLITE_TOOBIG", "too_big", "这次写入的内容太大，没有保存。" + NOTHING_LOST, "请分几次做。"),
)


def translated(error: BaseException, *, committing: bool = False) -> GengdiError:
    """The error in our families; an unknown one is our own mistake.

    Args:
        error: What the driver raised.
        committing: Whether the commit had begun. A disk that fails only then may hold all of it: nobody knows before
            the file is opened again.
    """
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    name = driver.error_name(original)
    if committing and name.startswith("SQLITE_IOERR"):
        return SurroundingsError(
            "maybe_saved",
            "保存到最后一步时磁盘出错，不知道这次修改存上了没有。以前的内容都在。",
            "请先把台账文件夹复制到另一个盘，打开复制的那本，在办理记录里看最后一条：有就不用再做，没有再做一次。",
        )
    for prefix, code, message, hint in SENTENCES:
        if name.startswith(prefix):
            return SurroundingsError(code, message, hint)
    if "file is not a database" in str(original):
        return SurroundingsError("not_a_ledger", "这不是本程序的台账文件。", "请选择台账文件夹里的 ledger.gengdi。")
    return ProgramError(
        "storage",
        f"写台账时程序出错（{name or type(original).__name__}）。{NOTHING_LOST}",
        "请把这段话拍下来，交给维护人员。",
    )


@contextmanager
def in_words(*, committing: bool = False) -> Iterator[None]:
    """Turn driver errors raised inside into errors that a person may read; see :func:`translated`."""
    try:
        yield
    except (DBAPIError, driver.Error, OverflowError) as error:
        raise translated(error, committing=committing) from error
