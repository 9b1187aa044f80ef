"""What an action tells of its changes."""

from __future__ import annotations

from gengdi_desktop.domain.changes import Changes


def test_without_an_entry_nothing_has_changed() -> None:
    assert Changes().nothing
    assert not Changes(3, frozenset({"plot"}), frozenset({"p"})).nothing
