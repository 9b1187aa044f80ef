"""What people say of photos whose files are silent or wrong, as the history of a plot tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from gengdi_desktop.domain.days import day_text
from gengdi_desktop.storage.journal import Value

Diff = Mapping[str, list[Value]]

_NOTHING: list[Value] = [None, None]
_THOUSAND = 1000
_SAID = {"said_at": "拍摄时间", "said_longitude": "位置", "said_direction": "朝向"}


def saying(name: str, diff: Diff) -> Iterator[str]:
    """What a person says of a photo beside what its file says, or takes back; the reason is told with the entry."""
    said = {key: diff.get(key, _NOTHING)[1] for key in ("said_at", "said_longitude", "said_latitude", "said_direction")}
    told = []
    if said["said_at"]:
        at = datetime.fromisoformat(str(said["said_at"]))
        told.append(f"拍摄时间{day_text(at.date())} {at:%H:%M}")
    if said["said_longitude"] is not None or said["said_latitude"] is not None:
        east, north = (_degrees(said[key]) for key in ("said_longitude", "said_latitude"))
        told.append(f"位置{'、'.join(filter(None, (east and f'东经{east}', north and f'北纬{north}')))}")
    if said["said_direction"] is not None:
        told.append(f"朝向{int(said['said_direction']) // _THOUSAND}°")
    if told:
        yield f"给照片“{name}”人工录入{'，'.join(told)}"
    gone = [word for key, word in _SAID.items() if key in diff and diff.get(key, _NOTHING)[1] is None]
    if gone:
        yield f"照片“{name}”人工录入的{'、'.join(gone)}取消了"


def _degrees(value: Value) -> str:
    """Degrees with six places, of 10⁻⁹ degree; empty where it was not changed."""
    if value is None:
        return ""
    whole, rest = divmod(int(value), 10**9)
    return f"{whole}.{rest // _THOUSAND:06d}°"
