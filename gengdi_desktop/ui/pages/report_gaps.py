"""What keeps a report from being frozen: its short words, where it is mended, and what the button there says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gengdi_desktop.ui.links import link
from gengdi_desktop.ui.widgets.todo import Stop

if TYPE_CHECKING:
    from gengdi_desktop.errors import GengdiError


@dataclass(frozen=True)
class Mend:
    """How one refusal is mended.

    Attributes:
        what: What is missing, short.
        how: What to do.
        verb: What the button says; empty where the report page itself can do nothing.
        field: The field of the draft; empty where it is not mended there.
        page: The page where it is mended, where that is not the report's.
    """

    what: str
    how: str
    verb: str
    field: str = ""
    page: str = ""


_MENDS: Final[Mapping[str, Mend]] = {
    "recipient_missing": Mend("还没有填主送机关", "填一次，下次还在", "去填", "recipient"),
    "number_missing": Mend("还没有发文字号", "填上机关代字，下次自动编号", "去填", "number"),
    "number_form": Mend("发文字号写法不对", "照“白府函〔2023〕12号”改", "去改", "number"),
    "number_taken": Mend("发文字号已经用过", "换下一个号", "去改", "number"),
    "date_missing": Mend("还没有成文日期", "定稿要写明哪一天", "去填", "day"),
    "nothing_to_report": Mend("台账里还没有图斑", "先导入下发的清单", "去导入", page="intake"),
    "nothing_checked": Mend("还没有抽查结果", "先抽样，到现场抽查并录入结果", "去抽查", page="sampling"),
    "no_tie_out": Mend("各类相加与下发数对不上", "先做一次台账检查", ""),
    "read_only": Mend("台账现在只能看", "别处关掉后再来", ""),
}
_LOOK: Final = "去看"


@dataclass(frozen=True)
class Gap:
    """What stops the freezing, as the draft tells it: what, what to do, and where: a field, or another page."""

    what: str
    how: str
    field: str = ""
    verb: str = ""
    link: str = ""


def gap_of(error: GengdiError) -> Gap:
    """A refusal beside its draft: in the service's own words, which name what was typed."""
    what = error.message.replace("，没有定稿。", "。").removesuffix("没有定稿。")
    mend = _MENDS.get(error.code, Mend(what, error.hint, ""))
    return Gap(what, error.hint, mend.field, mend.verb, mend.page)


def stop_of(error: GengdiError, kind: str) -> Stop:
    """A refusal on the workbench: short, with the way to the field or page where it is mended."""
    mend = _MENDS.get(error.code, Mend(error.message, error.hint, ""))
    wish = {"kind": kind, "field": mend.field} if mend.field else {"kind": kind}
    return Stop(mend.what, mend.how, mend.verb or _LOOK, mend.page or link("reports", **wish))
