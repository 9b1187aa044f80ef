"""A new ledger: which unit, who writes it, what it is called; where it lies is proposed, everything else can wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gengdi_desktop.domain.divisions import PlacedUnit, UnitKind
from gengdi_desktop.domain.states import Desk
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.jobs import Jobs
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import ElidedLabel, button, label, row
from gengdi_desktop.ui.widgets.unit_field import UnitField

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger

_NOT_IN_FILE_NAMES = '\\/:*?"<>|'


@dataclass(frozen=True)
class NewLedgerWish:
    """What the dialog asks for; :meth:`create` runs in a lane."""

    desk: Desk
    unit: PlacedUnit
    member: str
    name: str
    folder: Path

    def create(self, clock: Clock) -> Ledger:
        """Make the ledger.

        Raises:
            RuleError: The folder is not empty.
            SurroundingsError: The place cannot be written.
        """
        from gengdi_desktop.ledger import service

        new = service.NewLedger(
            desk=self.desk,
            county=self.unit.county,
            unit=self.unit.unit,
            member=self.member,
            name=self.name,
            county_code=self.unit.county_code,
            unit_code=self.unit.unit_code,
            unit_kind=self.unit.unit_kind.value,
        )
        return service.create_ledger(self.folder, new, clock)


class NewLedgerDialog(DialogSheet):
    """Asks the few things that a ledger cannot be without; the rest is proposed."""

    wished = Signal(object)

    def __init__(self, prompts: Prompts, jobs: Jobs, start: str, today: date, member: str = "") -> None:
        super().__init__("新建台账", "三项就够，别的以后再填")
        self.help_topic = "开始使用"
        self._prompts, self._today = prompts, today
        self._parent = Path(start) if start else Path.home()
        self._name_typed = False
        self._unit = UnitField("单位", jobs)
        self._desk = ChoiceField("给谁用", [(one.value, one.label) for one in (Desk.COUNTY, Desk.TEAM)])
        self._member = LineField("您的姓名", member)
        self._name = LineField("台账名称")
        self._form = Form()
        self._form.add("unit", "单位", self._unit, required=True)
        self._form.add("desk", "给谁用", self._desk)
        self._form.add("member", "您的姓名", self._member, required=True)
        self._form.add("name", "台账名称", self._name, required=True)
        self._form.set_row_visible("desk", visible=False)
        self.content.addWidget(self._form)
        self._place = ElidedLabel("", "value", path=True)
        pick = button("换一处", "link", "open", name="换一个地方放台账", pressed=self._pick)
        place = row(label("放在", "label"), gap=8)
        place.addWidget(self._place, 1)
        place.addWidget(pick)
        self.content.addLayout(place)
        comfort = "会在那里建一个同名文件夹，照片、报告和备份都放在里面。别放在网络盘和会自动同步的文件夹里。"
        self.content.addWidget(label(comfort, "small", wrap=True))
        self._unit.chosen.connect(self._unit_chosen)
        self._name.textEdited.connect(self._named)
        self.first = self._unit.line
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("建台账", "main", pressed=self._make)])
        self._show_place()

    def _unit_chosen(self, unit: PlacedUnit | None) -> None:
        county = unit is not None and unit.unit_kind is UnitKind.COUNTY
        self._form.set_row_visible("desk", visible=county)
        if unit is not None:
            self._form.show_error("unit", "")
            (self._name if self._member.text().strip() else self._member).setFocus()
        if not self._name_typed:
            self._name.setText(f"{unit.unit}{self._today.year}整改台账" if unit is not None else "")
        self._show_place()

    def _named(self) -> None:
        self._name_typed = bool(self._name.text().strip())
        self._show_place()

    def _show_place(self) -> None:
        self._place.set_words(str(self._folder()))

    def _folder(self) -> Path:
        name = "".join("＿" if one in _NOT_IN_FILE_NAMES else one for one in self._name.text().strip())
        return self._parent / name if name else self._parent

    def _pick(self) -> None:
        chosen = self._prompts.folder("台账放在哪个文件夹", str(self._parent))
        if chosen is not None:
            self._parent = chosen
            self._show_place()

    def _make(self) -> None:
        self._unit.settle(self._make_for)

    def _make_for(self, unit: PlacedUnit | None) -> None:
        self._form.clear_errors()
        if unit is None:
            self._form.show_error("unit", self._unit.problem())
        missing = [
            (key, field) for key, field in (("member", self._member), ("name", self._name)) if not field.text().strip()
        ]
        for key, field in missing:
            self._form.show_error(key, f"还没有填{field.accessibleName()}。")
        if unit is None or missing:
            (self._unit.line if unit is None else missing[0][1]).setFocus()
            return
        of_county = unit.unit_kind is UnitKind.COUNTY
        self.wished.emit(
            NewLedgerWish(
                desk=Desk(self._desk.code()) if of_county else Desk.TOWNSHIP,
                unit=unit,
                member=self._member.text().strip(),
                name=self._name.text().strip(),
                folder=self._folder(),
            )
        )
        self.close_sheet()
