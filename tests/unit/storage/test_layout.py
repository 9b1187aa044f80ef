"""What the tables say of themselves, as plain values."""

from __future__ import annotations

import pytest

from gengdi_desktop.storage.layout import CODES, layout


@pytest.mark.parametrize("code", sorted(CODES))
def test_names_are_plain_texts_which_the_quick_encoder_takes(code: str) -> None:
    known = layout(code)
    names = (known.code, known.key, *known.names, *known.integers, *known.private, *known.references)
    assert {type(name) for name in (*names, *known.references.values())} == {str}
    assert known.names[0] == known.key
    assert len(set(known.names)) == len(known.names)
