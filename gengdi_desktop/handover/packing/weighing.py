"""What a package would weigh, told before anybody decides whether photos go along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gengdi_desktop.exchange.manifest import PackageKind
from gengdi_desktop.handover.packages import PackOptions
from gengdi_desktop.handover.packing import receivers, store
from gengdi_desktop.handover.packing.contents import scope_of, spare_plots
from gengdi_desktop.handover.travelling import Plots, carried, plots_of

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger


def weigh(ledger: Ledger, kind: PackageKind, options: PackOptions) -> tuple[int, int]:
    """How many photos and papers of plots a package of a whole ledger or a sample would hold, and their bytes.

    Those that the receiver has told to have or that lie in the bin are not counted; whether the others still lie in
    the folder is not asked.

    Raises:
        RuleError: ``unknown_sample``, ``not_drawn``.
    """
    if plots_of(kind) is Plots.OF_SAMPLE and not options.sample:
        return 0, 0
    spare = spare_plots(ledger, kind, options)
    with ledger.reading() as session:
        to = receivers.receiver(session, ledger.info, kind, options, None)
        known = set() if options.whole else store.receipted_files(session, to.ledger)
        found = store.files(session, carried(kind), scope_of(session, ledger.info, (kind, None), options, spare))
    sizes = [one.size for one in found if one.plot and not one.removed and one.id not in known]
    return len(sizes), sum(sizes)
