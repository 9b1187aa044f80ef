"""Which signing identity of this computer a command uses: that of who acts, unless another is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.cli.context import Context
from gengdi_desktop.errors import RuleError

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger
    from gengdi_desktop.signing.identity import Identity


def signing_identity(context: Context, ledger: Ledger, by: Actor) -> Identity:
    """The unlocked identity of the one who acts; refused before anything is written.

    Raises:
        RuleError: ``which_identity``: there is none, or there are several and ``--identity`` names none.
    """
    from gengdi_desktop.signing import identity
    from gengdi_desktop.signing.certificates import normal_fingerprint
    from gengdi_desktop.signing.profile import identities_folder

    asked = context.values.identity
    kept = [
        one
        for one in identity.identities(identities_folder())
        if (one.fingerprint == normal_fingerprint(asked) if asked else one.person == by.name)
        and one.sample == ledger.info.sample
    ]
    if len(kept) != 1:
        what = (
            f"这台电脑上没有{by.name}的签名身份" if not kept else f"这台电脑上有{by.name}的几个签名身份，不知道用哪一个"
        )
        make = f"请用 gengdi identity 台账 --create --as {by.name} 新建，或用 --import 导入别处建的。"
        choose = "请用 --identity 写明指纹，指纹用 gengdi identity 台账 列出。"
        raise RuleError("which_identity", f"{what}，没有签名。", choose if kept else make)
    return identity.load(identities_folder(), kept[0].fingerprint, context.passphrase())
