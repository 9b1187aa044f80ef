"""What a person says of a photo whose file is silent or wrong, with a reason: place, time, direction; 人工录入."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.domain.operations import Operation
from gengdi_desktop.errors import RuleError
from gengdi_desktop.evidence import store
from gengdi_desktop.evidence.photo_facts import aware
from gengdi_desktop.evidence.records import Saying
from gengdi_desktop.evidence.repair import read_kept

if TYPE_CHECKING:
    from gengdi_desktop.domain.changes import Changes
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_NANO = 10**9
_CIRCLE = 360_000


def say(ledger: Ledger, sha256: str, saying: Saying, *, reason: str, by: Actor) -> Changes:
    """Note what a person says of a photo, as one entry; it wins over the file's word, and both are kept.

    A saying replaces the one before; an empty one takes it back.

    Raises:
        RuleError: ``reason_missing``, ``half_a_place``, ``no_such_place``, ``no_such_direction``, ``future``,
            ``unknown_file``, ``not_picture``.
        SurroundingsError: The photo was never read, and is missing or damaged.
    """
    _require_sound(ledger, saying, reason)
    with ledger.reading() as session:
        known = store.photos(session, [sha256])
    unread = {} if known else {sha256: read_kept(ledger, sha256)}
    with ledger.begin(Operation.ATTACH, by, reason=reason.strip()) as work:
        store.add_photos(work, unread)
        store.set_said(work, sha256, saying, reason.strip() if saying != Saying() else "")
        return work.commit()


def _require_sound(ledger: Ledger, saying: Saying, reason: str) -> None:
    if not reason.strip():
        raise RuleError(
            "reason_missing", "还没有写人工录入的原因，没有保存。", "请写一句依据，例如“微信转发，按现场记录补”。"
        )
    if (saying.longitude is None) != (saying.latitude is None):
        raise RuleError("half_a_place", "经度和纬度要一起填，没有保存。", "请把两个都填上，或都空着。")
    if saying.longitude is not None and saying.latitude is not None:
        inside = abs(saying.longitude) <= 180 * _NANO and abs(saying.latitude) <= 90 * _NANO
        if not inside or saying.longitude == saying.latitude == 0:
            raise RuleError(
                "no_such_place", "经纬度超出范围，没有保存。", "经度在73到136之间，纬度在3到54之间，请核对。"
            )
    if saying.direction is not None and not 0 <= saying.direction < _CIRCLE:
        raise RuleError("no_such_direction", "方位角要在0到360度之间，没有保存。", "正北是0，正东是90。")
    if saying.at is not None and aware(saying.at, "") > ledger.clock.now():
        raise RuleError("future", "拍摄时间在今天以后，没有保存。", "请核对日期。")
