"""Members' roles and the ways to say who one is."""

from __future__ import annotations

from gengdi_desktop.domain.people import Actor, Auth, Role


def test_roles_and_ways_have_chinese_words() -> None:
    assert [role.label for role in Role] == ["经办人", "分管领导", "核查人员", "只看人员"]
    assert all(not auth.label.isascii() for auth in Auth)


def test_without_a_pin_a_name_is_only_stated() -> None:
    assert Actor("王秀英").auth is Auth.STATED
