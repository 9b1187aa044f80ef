"""The closed list of journal actions."""

from __future__ import annotations

from gengdi_desktop.domain.operations import Operation


def test_every_operation_has_a_chinese_label_of_its_own() -> None:
    labels = [operation.label for operation in Operation]
    assert len(set(labels)) == len(labels)
    assert not any(label.isascii() for label in labels)


def test_what_left_the_house_is_never_undone() -> None:
    final = {operation.value for operation in Operation if not operation.undoable}
    assert {"freeze", "sign", "hand_in", "erase", "backup", "identity"} <= final
    assert Operation.IMPORT.undoable
    assert Operation.UNDO.undoable
