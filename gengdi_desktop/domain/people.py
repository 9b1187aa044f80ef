"""Who acts: members of a ledger, their roles, and how they said who they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Auth(StrEnum):
    """How an actor proved the name; stored with each journal entry."""

    STATED = "stated"
    PIN = "pin"
    PASSWORD = "password"  # noqa: S105  # the name of a way, not a secret

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _AUTH_LABELS[self]


class Role(StrEnum):
    """What a member is for."""

    CLERK = "clerk"
    LEADER = "leader"
    CHECKER = "checker"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _ROLE_LABELS[self]


_AUTH_LABELS = {Auth.STATED: "自报姓名", Auth.PIN: "口令核对", Auth.PASSWORD: "密码核对"}
_ROLE_LABELS = {
    Role.CLERK: "经办人",
    Role.LEADER: "分管领导",
    Role.CHECKER: "核查人员",
    Role.VIEWER: "只看人员",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something now.

    Args:
        name: The member's display name, unique in the ledger.
        auth: How the name was proved.
    """

    name: str
    auth: Auth = Auth.STATED
