"""How a sample is drawn again by hand, in sentences for the check sheet and the window: one rule, said once."""

from __future__ import annotations

from typing import Final

_FRAME: Final = (
    "一、抽样框是一个文本文件，每个图斑一行：层、图斑编号、申报面积（以百万分之一亩计），中间用制表符隔开，"
    "按层、编号排列。它的 SHA-256 就是封存时的校验值，在种子产生以前封存。"
)
_SHARES: Final = (
    "二、每层抽多少：要抽的总数乘以这一层的个数，除以框内总数，取整数部分，每层至少 1 个；还差的逐个给差得最多的层，"
    "多出的逐个从多得最多的层里减，一样多的按层的名称排前的先来。"
)
_ORDER: Final = (
    "三、每层里，把种子、一个值为 0x1F 的字节、图斑编号连在一起算 SHA-256，按算出的数从小到大排，排在最前面的抽中。"
)
_REPLACING: Final = "四、到不了现场的写明原因，由同一层排在后面的下一个替补。"
_ENLARGED: Final = "五、扩大抽查用同一抽样框、同一种子，每层不少于上一次的个数，所以上一次抽中的都在内。"


def redo_steps(*, enlarged: bool) -> tuple[str, ...]:
    """The steps in their order, each with its number; the last only for a sample that enlarges another."""
    steps = (_FRAME, _SHARES, _ORDER, _REPLACING)
    return (*steps, _ENLARGED) if enlarged else steps
