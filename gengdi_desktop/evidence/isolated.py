"""Files that could take their time or memory, read in a child process: HEIC, very large pictures, PDF.

:func:`examine` stays in this process; what stands below it runs in the child.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence.decoding import PDF, Decoded, broken, decode, kind_of
from gengdi_desktop.evidence.photo_facts import PhotoFacts, PlaceGap, TimeGap
from gengdi_desktop.system.child import ChildEnd, ChildFailure, read_spool, run_child

MEMORY_MB = 2048
SECONDS_EACH = 30
_START_SECONDS = 20
_PASSWORD_NEEDED = 4


def examine(
    files: Sequence[tuple[Path, str]], width: int, cancelled: Callable[[], bool] | None = None
) -> list[Decoded | RuleError]:
    """Read files in one child, in the order given; each answer is what was found or why it is refused.

    Args:
        files: Path and the name under which it is spoken of.
        width: How wide previews may be; 0 for none.
        cancelled: Asked while the child works.

    Raises:
        Cancelled: ``cancelled`` answered true.
    """
    try:
        return _in_child(files, width, cancelled)
    except ChildFailure as failed:
        if len(files) == 1:
            return [_stopped(failed, files[0][1])]
    # One of them brought the child down; the others must not suffer for it.
    return [examine([one], width, cancelled)[0] for one in files]


def _in_child(
    files: Sequence[tuple[Path, str]], width: int, cancelled: Callable[[], bool] | None
) -> list[Decoded | RuleError]:
    with tempfile.TemporaryDirectory(prefix="gengdi-photos-") as folder:
        spool = Path(folder) / "answers"
        run_child(
            "gengdi_desktop.evidence.isolated:serve",
            {"files": [[str(path.absolute()), name] for path, name in files], "width": width},
            spool=spool,
            memory_mb=MEMORY_MB,
            seconds=_START_SECONDS + SECONDS_EACH * len(files),
            cancelled=cancelled,
        )
        return [_read(answer) for answer in read_spool(spool)]


def _read(answer: Mapping[str, Any]) -> Decoded | RuleError:
    if "refused" in answer:
        return RuleError(*answer["refused"])
    facts = PhotoFacts.from_json(answer["facts"])
    return Decoded(facts, base64.b64decode(answer["preview"]), base64.b64decode(answer["exif"]))


def _stopped(failed: ChildFailure, name: str) -> RuleError:
    if failed.end is ChildEnd.CRASH:
        return broken(name)
    what = "占用内存过大" if failed.end is ChildEnd.MEMORY else "用时过长"
    return RuleError("photo_stopped", f"“{name}”无法读取（已停止，{what}），没有收下。", "请换一份原图再试。")


# -------------------------------------------------------------------------------------------------------- in the child


def serve(arguments: Mapping[str, Any], write: Callable[[Any], None]) -> None:
    """Read each file and write one answer for it; runs in the child."""
    for path, name in arguments["files"]:
        try:
            found = _decode(Path(path), name, arguments["width"])
        except RuleError as refused:
            write({"refused": [refused.code, refused.message, refused.hint]})
        else:
            preview, exif = (base64.b64encode(part).decode() for part in (found.preview, found.exif))
            write({"facts": found.facts.as_json(), "preview": preview, "exif": exif})


def _decode(path: Path, name: str, width: int) -> Decoded:
    data = path.read_bytes()
    kind = kind_of(data, name)
    return _pdf(data, name, width) if kind == PDF else decode(data, kind, name, width)


def _pdf(data: bytes, name: str, width: int) -> Decoded:
    """A scan: how many pages it has, and the first of them as a picture."""
    import pypdfium2

    from gengdi_desktop.evidence.decoding import PREVIEW_QUALITY, as_jpeg

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as found:
        if getattr(found, "err_code", None) == _PASSWORD_NEEDED or "password" in str(found).lower():
            raise RuleError("pdf_password", f"“{name}”有打开密码，没有收下。", "请去掉密码后另存一份。") from found
        raise broken(name) from found
    facts = PhotoFacts(PDF, pages=len(document), place_gap=PlaceGap.SCAN, time_gap=TimeGap.SCAN)
    if not facts.pages:
        raise broken(name)
    if not width:
        return Decoded(facts)
    try:
        page = document[0]
        image = page.render(scale=width / max(1.0, page.get_width())).to_pil()
    except pypdfium2.PdfiumError as found:
        raise broken(name) from found
    return Decoded(facts, as_jpeg(image.convert("RGB"), PREVIEW_QUALITY))
