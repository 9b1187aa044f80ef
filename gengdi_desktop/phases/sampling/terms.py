"""What is asked of a draw: seed, size and words, read in one way and refused in one way."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from gengdi_desktop.domain import sampling as rules
from gengdi_desktop.errors import RuleError
from gengdi_desktop.phases.context import action_context
from gengdi_desktop.phases.sampling.records import SampleHead, SampleStatus, percent

if TYPE_CHECKING:
    from gengdi_desktop.domain.people import Actor
    from gengdi_desktop.ledger.handle import Ledger

_LONGEST_SEED: Final = 100


def plots_wanted(frozen: rules.Frame, count: int | None, ratio: Fraction | None) -> int:
    """How many plots are asked for.

    Raises:
        RuleError: ``bad_count``, ``bad_ratio``.
    """
    if (count is None) == (ratio is None):
        raise RuleError("bad_count", "没有说抽多少，没有抽样。", "请写抽多少个，或者写比例，只写一样。")
    if count is not None:
        rules.shares_of({"": len(frozen.plots)}, count)  # says what is wrong with it
        return count
    return rules.count_of_ratio(frozen, ratio or Fraction(0))


def wanted_words(count: int | None, ratio: Fraction | None, whole: Collection[str] = ()) -> str:
    """What was asked for, as it is kept and printed: 30, 5%."""
    asked = str(count) if ratio is None else percent(ratio)
    return f"{asked}，{'、'.join(whole)}整层" if whole else asked


def plain(said: str) -> str:
    """A text as the journal keeps it: it is hashed and shown as the same signs."""
    return " ".join(unicodedata.normalize("NFC", said).split())


def refuse_seed(seed: str) -> None:
    """Refuse what cannot be printed and typed again."""
    if not seed:
        raise RuleError("no_seed", "没有随机种子，没有抽样。", "请现场摇号得出一串数字填进来，或让程序生成一个。")
    if len(seed) > _LONGEST_SEED or not seed.isprintable():
        raise RuleError(
            "bad_seed", "随机种子太长，或者有看不见的符号，没有抽样。", f"请用 {_LONGEST_SEED} 个字以内的数字。"
        )


def require_worker(ledger: Ledger, by: Actor) -> None:
    """Refuse those who may only look."""
    action_context(ledger, by)


def not_drawn(known: SampleHead) -> RuleError:
    """The refusal of what needs a draw."""
    return RuleError("not_drawn", f"“{known.name}”还没有抽，没有办。", "请先填随机种子，抽出图斑。")


def require_open(known: SampleHead) -> None:
    """Refuse samples that are not drawn yet, or of which a larger one stands already."""
    if known.status is SampleStatus.FRAMED:
        raise not_drawn(known)
    if known.enlarged_by is not None:
        raise RuleError("enlarged", f"“{known.name}”已经扩大，没有办。", "请在扩大后的那次抽样里办。")
