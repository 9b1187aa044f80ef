"""Altered copies are found again; what is honest, or only alike, is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image

from gengdi_desktop.evidence.likeness.index import Likeness
from gengdi_desktop.evidence.likeness.prints import PRINT_BYTES, prints
from tests.helpers.photos_altered import CHANGES, altered, through_jpeg, watermark
from tests.helpers.scenes_made import alike_field, honest_pair, scene


def _index(made: Mapping[str, bytes]) -> Likeness:
    index = Likeness(lambda keys: {key: made[key] for key in keys})
    index.add(made)
    return index


def _keys(index: Likeness, made: bytes) -> list[str]:
    return [match.key for match in index.alike(made)]


@pytest.fixture(scope="module")
def amounts(request: pytest.FixtureRequest) -> tuple[int, int, int]:
    """How many scenes with a copy each, honest pairs and alike fields; the counts of the acceptance with --full."""
    return (500, 200, 200) if request.config.getoption("--full") else (len(CHANGES), 4, 6)


@pytest.fixture(scope="module")
def originals(amounts: tuple[int, int, int]) -> dict[str, Image.Image]:
    return {f"scene {number}": through_jpeg(scene(number), 90) for number in range(amounts[0])}


@pytest.fixture(scope="module")
def others(amounts: tuple[int, int, int]) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for number in range(amounts[1]):
        for half, image in zip("ab", honest_pair(10_000 + number), strict=True):
            made[f"pair {number} {half}"] = prints(through_jpeg(image, 90))
    for number in range(amounts[2]):
        made[f"field {number}"] = prints(through_jpeg(alike_field(number), 90))
    return made


@pytest.fixture(scope="module")
def everything(originals: dict[str, Image.Image], others: dict[str, bytes]) -> Likeness:
    return _index({key: prints(image) for key, image in originals.items()} | others)


@pytest.mark.timeout(3600)
def test_copies_are_found_and_nothing_else_with_them(originals: dict[str, Image.Image], everything: Likeness) -> None:
    found = dict.fromkeys(CHANGES, 0)
    wrong = []
    for number, (key, image) in enumerate(originals.items()):
        name, copy = altered(image, number)
        keys = _keys(everything, prints(copy))
        found[name] += key in keys
        wrong += [(key, other) for other in keys if other != key]
    each = len(originals) // len(CHANGES)
    assert {name: count for name, count in found.items() if count < 0.95 * each} == {}
    assert len(wrong) <= 0.01 * len(originals)


@pytest.mark.timeout(3600)
def test_every_picture_finds_itself(originals: dict[str, Image.Image], everything: Likeness) -> None:
    lost = [key for key, image in originals.items() if key not in _keys(everything, prints(image))]
    assert lost == []


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["pair", "field"])
def test_honest_pairs_and_alike_fields_are_not_flagged(
    kind: str, others: dict[str, bytes], everything: Likeness
) -> None:
    asked = {key: made for key, made in others.items() if key.startswith(kind)}
    flagged = [key for key, made in asked.items() if set(_keys(everything, made)) - {key}]
    assert len(flagged) <= 0.01 * len(asked), flagged


def test_a_cut_is_found_from_both_sides() -> None:
    whole = scene(3)
    part = whole.crop((40, 25, 450, 340))
    assert _keys(_index({"whole": prints(whole)}), prints(part)) == ["whole"]
    assert _keys(_index({"part": prints(part)}), prints(whole)) == ["part"]


def test_a_mirrored_copy_says_so() -> None:
    picture = scene(5)
    (match,) = _index({"one": prints(picture)}).alike(prints(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert match.mirrored
    assert match.score > 95


def test_a_stamp_is_forgiven_and_a_changed_plot_is_not() -> None:
    picture = scene(7)
    stamped = watermark(picture, np.random.default_rng(2))
    changed = picture.copy()
    changed.paste(scene(8).resize((200, 150)), (140, 170))
    index = _index({"one": prints(picture)})
    assert _keys(index, prints(stamped)) == ["one"]
    assert _keys(index, prints(changed)) == []


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_plain_pictures_are_never_alike(shade: int) -> None:
    plain = prints(Image.new("RGB", (640, 480), (shade, shade, shade)))
    assert _keys(_index({"plain": plain}), plain) == []


def test_papers_are_left_to_their_bytes() -> None:
    """Two filled-in forms of one kind look the same when they are small."""
    form = Image.new("RGB", (600, 800), "white")
    form.paste((30, 30, 30), (60, 60, 540, 70))
    form.paste((30, 30, 30), (60, 400, 300, 410))
    made = prints(form)
    assert _keys(_index({"form": made}), made) == []


def test_an_index_grows_and_is_empty_at_first() -> None:
    made = {f"scene {number}": prints(scene(number)) for number in range(3)}
    index = Likeness(lambda keys: {key: made[key] for key in keys})
    assert len(index) == 0
    assert index.alike(made["scene 0"]) == ()
    for key, one in made.items():
        index.add({key: one})
    assert len(index) == 3
    assert all(_keys(index, one) == [key] for key, one in made.items())


def test_a_print_is_the_same_size_for_every_picture() -> None:
    assert {len(prints(Image.new(mode, (31, 77)))) for mode in ("RGB", "L", "RGBA", "P")} == {PRINT_BYTES}
