"""What the page of outlines shows of a preview; the service is asked in ``intake_outlines_work``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gengdi_desktop.ui.pages.intake_view import ColumnView
from gengdi_desktop.ui.theme import Tone


@dataclass(frozen=True)
class OutlineWish:
    """The file, and what the person has said of its columns and layers.

    Args:
        path: The file.
        layer: One layer; empty for all that are alike.
        columns: Corrected columns: letters to a choice as files of columns write it.
    """

    path: Path
    layer: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FeatureView:
    """One feature of the file: its row, the plot that it means, what becomes of it, both areas.

    Args:
        row: Row of the file.
        name: The plot in the ledger, or what the file calls it.
        plot: Own id; empty where none is meant.
        what: What becomes of it, in a word.
        stated: The ledger's area, which stays.
        measured: That of the outline.
        apart: How far they are apart, in per cent; empty where that is nothing to look at.
        told: What a person should know of it, in a sentence; empty where there is nothing.
        differs: Whether the areas are farther apart than drawing explains.
    """

    row: int
    name: str
    plot: str
    what: str
    sign: str
    tone: Tone
    stated: str
    measured: str
    apart: str
    told: str
    differs: bool = False


@dataclass(frozen=True)
class LayerView:
    """One layer: its name, the system of its coordinates in words, what is to be said of it.

    Args:
        stopped: Whether its shapes cannot be placed, so that none of them is taken.
    """

    name: str
    system: str
    remarks: tuple[str, ...]
    stopped: bool


@dataclass(frozen=True)
class OutlinesView:
    """Everything that the page shows of one preview.

    Args:
        title: The file and its layers.
        layers: Every layer that is read.
        layer_names: Every layer of the file.
        features: What must be looked at stands first.
        columns: What the columns are taken for.
        summary: How all features are accounted for.
        added: Outlines that plots get for the first time.
        replaced: Outlines that take the place of others.
        matched: Features that mean a plot of the ledger.
        newcomers: Features that a list would bring into the ledger as plots.
        again: What is said of plots that lie where others were closed before: own id to sentence.
    """

    title: str
    layers: tuple[LayerView, ...]
    layer_names: tuple[str, ...]
    features: tuple[FeatureView, ...]
    columns: tuple[ColumnView, ...]
    summary: str
    added: int
    replaced: int
    matched: int
    newcomers: int
    again: Mapping[str, str]

    @property
    def writes(self) -> int:
        """How many outlines would be written."""
        return self.added + self.replaced


def main_words(view: OutlinesView) -> str:
    """What the main button says it will do."""
    if view.added and view.replaced:
        return f"补上 {view.added:,} 个，换掉 {view.replaced:,} 个"
    return f"换掉 {view.replaced:,} 个边界" if view.replaced else f"补上 {view.added:,} 个边界"


def promise(view: OutlinesView) -> str:
    """What stands beside the main button: what will not change, or why there is nothing to do."""
    if view.writes:
        return "只写边界，面积、状态都不动。写完可以整个撤销。"
    if any(one.stopped for one in view.layers):
        return "坐标系用不了，没有边界可写。"
    if not view.matched:
        return "没有一个对得上台账里的图斑，请看一眼对列。"
    return "没有要写的：台账里已经是这些边界。"
