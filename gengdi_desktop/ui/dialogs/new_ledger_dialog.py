"""A new ledger: which unit, who writes it, where it lies; everything else can wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gengdi_desktop.domain.states import Desk
from gengdi_desktop.system.clock import Clock
from gengdi_desktop.ui.prompts import Prompts
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import boxed, button, label, row

if TYPE_CHECKING:
    from gengdi_desktop.ledger.handle import Ledger


@dataclass(frozen=True)
class NewLedgerWish:
    """What the dialog asks for; :meth:`create` runs in a lane."""

    desk: Desk
    county: str
    unit: str
    member: str
    name: str
    folder: Path

    def create(self, clock: Clock) -> Ledger:
        """Make the ledger, with the codes of its unit where the division table knows it.

        Raises:
            RuleError: The folder is not empty.
            SurroundingsError: The place cannot be written.
        """
        from gengdi_desktop.ledger import service
        from gengdi_desktop.system.reference import divisions

        placed = divisions().place(self.county, self.unit)
        new = service.NewLedger(
            desk=self.desk,
            county=placed.county,
            unit=placed.unit,
            member=self.member,
            name=self.name,
            county_code=placed.county_code,
            unit_code=placed.unit_code,
            unit_kind=placed.unit_kind.value,
        )
        return service.create_ledger(self.folder, new, clock)


class NewLedgerDialog(DialogSheet):
    """Asks the few things that a ledger cannot be without."""

    wished = Signal(object)

    def __init__(self, prompts: Prompts, start: str, today: date) -> None:
        super().__init__("新建台账", "几项就够，别的以后再填")
        self._prompts, self._today = prompts, today
        self._parent = Path(start) if start else Path.home()
        self._name_typed = False
        self._desk = ChoiceField("给谁用", [(one.value, one.label) for one in Desk])
        self._county = LineField("县（市、区）", hint="进贤县")
        self._unit = LineField("乡镇（街道）", hint="白圩乡")
        self._member = LineField("您的姓名")
        self._name = LineField("台账名称")
        self._place = LineField("放在哪里")
        self._place.setReadOnly(True)
        pick = button("换一处", pressed=self._pick)
        form = Form(label_width=96)
        form.add("desk", "给谁用", self._desk)
        form.add("county", "县（市、区）", self._county, required=True)
        form.add("unit", "乡镇（街道）", self._unit, required=True)
        form.add("member", "您的姓名", self._member, required=True)
        form.add("name", "台账名称", self._name, required=True)
        place = row(gap=8)
        place.addWidget(self._place, 1)
        place.addWidget(pick)
        form.add("place", "放在哪里", boxed(place))
        self._form = form
        self.content.addWidget(form)
        comfort = "会在那里建一个同名文件夹，照片、报告和备份都放在里面。别放在网络盘和会自动同步的文件夹里。"
        self.content.addWidget(label(comfort, "small", wrap=True))
        for field in (self._unit, self._county):
            field.textEdited.connect(self._propose_name)
        self._name.textEdited.connect(self._named)
        self.first = self._county
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("建台账", "main", pressed=self._make)])
        self._propose_name()

    def _propose_name(self) -> None:
        unit = self._unit.text().strip() or self._county.text().strip()
        if not self._name_typed:
            self._name.setText(f"{unit}{self._today.year}整改台账" if unit else "")
        self._show_place()

    def _named(self) -> None:
        self._name_typed = bool(self._name.text().strip())
        self._show_place()

    def _show_place(self) -> None:
        self._place.setText(str(self._folder()))
        self._place.setCursorPosition(0)

    def _folder(self) -> Path:
        name = "".join("＿" if one in '\\/:*?"<>|' else one for one in self._name.text().strip())
        return self._parent / name if name else self._parent

    def _pick(self) -> None:
        chosen = self._prompts.folder("台账放在哪个文件夹", str(self._parent))
        if chosen is not None:
            self._parent = chosen
            self._show_place()

    def _make(self) -> None:
        self._form.clear_errors()
        needed = [("county", self._county, "县（市、区）"), ("member", self._member, "您的姓名")]
        needed.append(("name", self._name, "台账名称"))
        if self._desk.code() != Desk.COUNTY:
            needed.insert(1, ("unit", self._unit, "乡镇（街道）"))
        missing = [one for one in needed if not one[1].text().strip()]
        for key, _, word in missing:
            self._form.show_error(key, f"还没有填{word}。")
        if missing:
            missing[0][1].setFocus()
            return
        county = self._county.text().strip()
        self.wished.emit(
            NewLedgerWish(
                desk=Desk(self._desk.code()),
                county=county,
                unit=self._unit.text().strip() or county,
                member=self._member.text().strip(),
                name=self._name.text().strip(),
                folder=self._folder(),
            )
        )
        self.close_sheet()
