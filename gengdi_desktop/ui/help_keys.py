"""All shortcuts on one sheet; the keys stand in the manual's own page of them and nowhere else."""

from __future__ import annotations

from typing import Final

from gengdi_desktop.system.resources import manual_folder
from gengdi_desktop.ui.help_manual import KEYS, read_page, tables
from gengdi_desktop.ui.jobs import Jobs, Lane, Progress
from gengdi_desktop.ui.widgets.form import FactGrid
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, column, label, row

_WIDE: Final = 1000
_KEY_WIDTH: Final = 216
_Groups = tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


class KeySheet(DialogSheet):
    """Groups of keys in two columns; any key that closes a dialog closes it."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__("快捷键", "随时按 Ctrl+/ 打开", width=_WIDE)
        self.help_topic = KEYS
        self._columns = (column(gap=4), column(gap=4))
        self.content.addLayout(row(*self._columns, gap=24))
        close = button("知道了", "main", pressed=self.close_sheet)
        self.first = close
        self.set_buttons([], [close])
        jobs.run(Lane.FILES, read_keys, self.show_groups, self.messages.show_error, owner=self)

    def show_groups(self, groups: _Groups) -> None:
        """The longest group stands alone at the right."""
        longest = max(groups, key=lambda group: len(group[1]))
        for title, keys in groups:
            lay = self._columns[title == longest[0]]
            lay.addWidget(label(title, "section"))
            grid = FactGrid((_KEY_WIDTH, 0))
            grid.show_facts([(one[0], one[1]) for one in keys])
            lay.addWidget(grid)
        for lay in self._columns:
            lay.addStretch(1)


def read_keys(_progress: Progress | None = None) -> _Groups:
    """The shortcuts by group, as the manual's page names them."""
    file = manual_folder() / f"{KEYS}.md"
    return tables(read_page(KEYS, file.read_text(encoding="utf-8")))
