"""What docs/database.md says of the file is so."""

from __future__ import annotations

import hashlib
import re
import zlib
from pathlib import Path

from gengdi_desktop.ledger.handle import Ledger
from gengdi_desktop.storage import journal
from gengdi_desktop.storage.layout import CODES, OUTSIDE, layout
from gengdi_desktop.storage.schema import TRIGGERS
from tests.helpers.databases import asked
from tests.helpers.ledgers import add_plots, new_ledger

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "database.md").read_text(encoding="utf-8")
HEADER = (
    "SELECT json_object('action', action, 'actor', actor, 'at', at, 'auth', auth, 'campaign', campaign, 'changes', "
    "changes, 'continues', continues, 'desk', desk, 'event_date', event_date, 'format', format, 'ledger', ledger, "
    "'previous', previous, 'reason', reason, 'seq', seq, 'undoes', undoes), hash, changes "
    "FROM journal_entry ORDER BY seq"
)


def test_the_entry_by_hand_is_right() -> None:
    [header] = re.findall(r"^\{\"action.*\}$", DOCUMENT, re.MULTILINE)
    assert hashlib.sha256(header.encode()).hexdigest() in DOCUMENT


def test_the_recipe_for_a_real_ledger_works(tmp_path: Path) -> None:
    """The same steps as the shell's, with SQLite's own JSON and a plain SHA-256."""
    ledger: Ledger = new_ledger(tmp_path / "台账")
    add_plots(ledger, ["a", "b"], remark='引号" 反斜杠\\ 换行\n 组合e\u0301')
    ledger.close()
    path = tmp_path / "台账" / "ledger.gengdi"
    previous = journal.GENESIS
    for seq, (header, stated, changes) in enumerate(asked(path, HEADER), start=1):
        blocks = asked(path, "SELECT body FROM journal_block WHERE seq = ? ORDER BY part", [seq])
        digests = b"".join(hashlib.sha256(zlib.decompress(body)).digest() for (body,) in blocks)
        assert hashlib.sha256(digests).hexdigest() == changes
        assert hashlib.sha256(header.encode()).hexdigest() == stated
        assert f'"previous":"{previous}"' in header
        previous = stated
    assert previous != journal.GENESIS


def test_every_table_every_trigger_and_every_key_of_a_header_is_named() -> None:
    for name in (*CODES, *OUTSIDE, *journal.HEADER_FIELDS):
        assert f"`{name}`" in DOCUMENT, name
    texts = " ".join(code for code in CODES if not layout(code).numbered)
    assert f"`{texts}`" in DOCUMENT
    assert len(TRIGGERS) == 4
