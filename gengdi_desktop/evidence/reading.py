"""Kept files read, verified, and named by plot and file where they are missing or damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.errors import SurroundingsError
from gengdi_desktop.evidence import store
from gengdi_desktop.ledger.file_names import file_names

if TYPE_CHECKING:
    from gengdi_desktop.ledger.folder import FileRow, StoredFile
    from gengdi_desktop.ledger.handle import Ledger

_SENTENCES = {
    "file_missing": "{name}的文件不见了，台账文件夹里没有它。",
    "file_damaged": "{name}的文件被改动或损坏，不能采用。",
    "file_awaited": "{name}的文件还没有送来，等{whom}的下一个包。",
}
_AWAITED_HINT = "别的不受影响。收下那个包，就能看了。"


def read_file(ledger: Ledger, file: StoredFile | FileRow, sha256: str) -> bytes:
    """The bytes of a kept file, verified against its hash.

    Raises:
        SurroundingsError: ``file_missing``, ``file_damaged``, naming plot, stage and file; ``file_awaited`` where a
            package named it and its bytes are still to come.
    """
    try:
        return ledger.folder.read(file)
    except SurroundingsError as fault:
        with ledger.reading() as session:
            name = file_names(session, [sha256]).get(sha256)
            whom = store.awaited_from(session).get(sha256) if fault.code == "file_missing" else None
        if name is None or fault.code not in _SENTENCES:
            raise
        code, hint = (fault.code, fault.hint) if whom is None else ("file_awaited", _AWAITED_HINT)
        raise SurroundingsError(code, _SENTENCES[code].format(name=name, whom=whom), hint) from fault
