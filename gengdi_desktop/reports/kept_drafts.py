"""What a person has settled and worded for a report that is not frozen yet: kept in the ledger's file, unjournalled.

A draft is a half-filled form: it survives closing and a power cut, and is nobody's record of what was done.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gengdi_desktop.ledger import drafts
from gengdi_desktop.reports.catalog import kind_of
from gengdi_desktop.reports.settings import PaperSettings, PaperSigner
from gengdi_desktop.storage.journal import canonical

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_EVERYBODY: Final = ""
"""A report belongs to its ledger: who goes on with it finds what another has begun."""
_BODY: Final = "settings"
_TEXTS: Final = (
    "recipient", "number", "number_prefix", "issued_by", "copy_to", "contact", "contact_phone", "organ", "sample",
)  # fmt: skip


def keep_draft(ledger: Ledger, kind: str, settings: PaperSettings) -> None:
    """Keep with what a report is going to be sent, and its wordings; what was kept before is replaced.

    Raises:
        RuleError: ``unknown_kind``, or a text that no file can carry.
        SurroundingsError: The ledger cannot be written.
    """
    told: dict[str, Any] = {name: getattr(settings, name) for name in _TEXTS}
    # Today is what every draft is dated by itself: a paper must not silently bear the day on which it was begun.
    chosen = settings.day if settings.day != ledger.today() else None
    told["day"] = chosen.isoformat() if chosen else None
    told["signers"] = [[one.role, one.name] for one in settings.signers]
    told["wording"] = dict(settings.wording)
    drafts.keep_draft(ledger, _place(kind), {_BODY: canonical(told).decode()}, member=_EVERYBODY)


def kept_draft(ledger: Ledger, kind: str, settings: PaperSettings) -> PaperSettings:
    """The settings with what was kept put over them; the same settings where nothing was kept, or nothing readable.

    Raises:
        RuleError: ``unknown_kind``.
    """
    place = _place(kind)
    try:
        found = drafts.find_draft(ledger, place, member=_EVERYBODY)
        told = json.loads(found.values[_BODY]) if found is not None else {}
        texts: dict[str, Any] = {name: str(told[name]) for name in _TEXTS if name in told}
        day = date.fromisoformat(told["day"]) if told.get("day") else settings.day
        signers = tuple(PaperSigner(str(role), str(name)) for role, name in told.get("signers", ()))
        wording = {str(key): str(words) for key, words in told.get("wording", {}).items()}
    except (ValueError, TypeError, AttributeError, KeyError):
        return settings  # a later version may keep other things; what it kept stays until something is kept anew
    if not told:
        return settings
    return replace(settings, **texts, day=day, signers=signers, wording=wording)


def forget_draft(ledger: Ledger, kind: str) -> None:
    """Put away what was kept.

    Raises:
        RuleError: ``unknown_kind``.
        SurroundingsError: The ledger cannot be written.
    """
    drafts.forget_draft(ledger, _place(kind), member=_EVERYBODY)


def _place(kind: str) -> str:
    return f"paper/{kind_of(kind).code}"
