"""A new member: name, role, what stands on paper."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal

from gengdi_desktop.domain.people import Role
from gengdi_desktop.ui.widgets.fields import ChoiceField, LineField
from gengdi_desktop.ui.widgets.form import Form
from gengdi_desktop.ui.widgets.overlay import DialogSheet
from gengdi_desktop.ui.widgets.parts import button, label


@dataclass(frozen=True)
class NewMember:
    """Who is to be added."""

    name: str
    role: Role
    title: str
    office_phone: str


class MemberDialog(DialogSheet):
    """Asks for one person."""

    wished = Signal(object)

    def __init__(self) -> None:
        super().__init__("添加成员")
        self.help_topic = "成员与设置"
        self._name = LineField("姓名")
        self._role = ChoiceField("角色", [(one.value, one.label) for one in Role])
        self._title = LineField("职务")
        self._phone = LineField("办公电话")
        self._form = Form()
        self._form.add("name", "姓名", self._name, required=True)
        self._form.add("role", "角色", self._role)
        self._form.add("title", "职务", self._title)
        self._form.add("phone", "办公电话", self._phone)
        self.content.addWidget(self._form)
        self.content.addWidget(label("有两个人以后，申报的人就不能验收自己申报的图斑。", "small", wrap=True))
        self.first = self._name
        self.set_buttons([], [button("取消", pressed=self.close_sheet), button("添加", "main", pressed=self._add)])

    def _add(self) -> None:
        name = self._name.text().strip()
        self._form.show_error("name", "" if name else "还没有填姓名。")
        if not name:
            self._name.setFocus()
            return
        role = Role(self._role.code())
        self.wished.emit(NewMember(name, role, self._title.text().strip(), self._phone.text().strip()))
        self.close_sheet()
