"""The look of the program: the only module that names a colour, a size of type or a radius.

A token has a meaning, not a look: ``soil`` is land in work, ``land`` is land in place. Three looks fill the
same names. Lengths go through :func:`px`, so that rows, columns and panes grow with the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

Tone = Literal["stone", "soil", "sky", "land", "seal"]
Token = Literal[
    "rail", "page", "sheet", "sunken", "select", "hair", "rule", "edge", "ink", "ink2", "ink3", "accent", "on_accent",
    "accent_soft", "shade", "stone", "stone_soft", "stone_fill", "soil", "soil_soft", "soil_fill", "sky", "sky_soft",
    "sky_fill", "land", "land_soft", "land_fill", "seal", "seal_soft", "seal_fill",
]  # fmt: skip
Role = Literal["figure", "title", "section", "body", "button", "table", "small"]

TONES: Final[tuple[Tone, ...]] = ("stone", "soil", "sky", "land", "seal")


@dataclass(frozen=True)
class Look:
    """A filled set of tokens; ``code`` is what the settings store, ``label`` what the person reads."""

    code: str
    label: str
    tokens: Mapping[Token, str]


def _look(code: str, label: str, **tokens: str) -> Look:
    return Look(code, label, cast("Mapping[Token, str]", tokens))


LIGHT: Final = _look(
    "light", "浅色",
    rail="#E6EAE5", page="#F3F5F1", sheet="#FFFFFF", sunken="#EFF2EC", select="#D3E7E4",
    hair="#E3E8E1", rule="#C3CCC4", edge="#7C8880", ink="#16201B", ink2="#435049", ink3="#5A675F",
    accent="#0A5A55", on_accent="#FFFFFF", accent_soft="#DDECEA", shade="#5A16201B",
    stone="#4B5751", stone_soft="#E8ECE8", stone_fill="#B4BEB7",
    soil="#854808", soil_soft="#F9ECD9", soil_fill="#DDA65A",
    sky="#2A4B8D", sky_soft="#E4EBF7", sky_fill="#8FA9D6",
    land="#34661A", land_soft="#E5F0DB", land_fill="#7DAC57",
    seal="#A51F1A", seal_soft="#FCE8E5", seal_fill="#DB6B61",
)  # fmt: skip
DARK: Final = _look(
    "dark", "深色",
    rail="#131816", page="#181E1B", sheet="#202724", sunken="#1B2220", select="#21423F",
    hair="#2D3632", rule="#47534D", edge="#819089", ink="#E8EEEA", ink2="#B9C5BE", ink3="#9DAAA3",
    accent="#7CCBC2", on_accent="#0C2321", accent_soft="#1F3D3A", shade="#A0000000",
    stone="#B9C5BE", stone_soft="#2C3531", stone_fill="#5C6963",
    soil="#EDB567", soil_soft="#3B2E1A", soil_fill="#A97528",
    sky="#A3BEF2", sky_soft="#232F48", sky_fill="#5A78B4",
    land="#A7D67E", land_soft="#26381B", land_fill="#5F8F3A",
    seal="#FF9C92", seal_soft="#452320", seal_fill="#B9453D",
)  # fmt: skip
HIGH: Final = _look(
    "high", "高对比",
    rail="#FFFFFF", page="#FFFFFF", sheet="#FFFFFF", sunken="#FFFFFF", select="#FFF1A8",
    hair="#8A8A8A", rule="#000000", edge="#000000", ink="#000000", ink2="#000000", ink3="#2B2B2B",
    accent="#003F3B", on_accent="#FFFFFF", accent_soft="#FFFFFF", shade="#B0000000",
    stone="#000000", stone_soft="#FFFFFF", stone_fill="#9A9A9A",
    soil="#5C3000", soil_soft="#FFFFFF", soil_fill="#C47A1B",
    sky="#0B2A6B", sky_soft="#FFFFFF", sky_fill="#5B7FC4",
    land="#1B4407", land_soft="#FFFFFF", land_fill="#4F8526",
    seal="#7E0500", seal_soft="#FFFFFF", seal_fill="#C2352B",
)  # fmt: skip
LOOKS: Final[Mapping[str, Look]] = {one.code: one for one in (LIGHT, DARK, HIGH)}

POINTS: Final[Mapping[Role, float]] = {
    "figure": 24.0, "title": 15.0, "section": 12.0, "body": 10.5, "button": 10.5, "table": 9.75, "small": 9.0,
}  # fmt: skip
TEXT_SCALES: Final = (1.0, 1.15, 1.3)
RADIUS_MARK: Final = 2
RADIUS_CONTROL: Final = 4
RADIUS_SHEET: Final = 6
CONTROL: Final = 30
TABLE_ROW: Final = 23
TABLE_HEAD: Final = 28
FORM_ROW: Final = 28
STRIP: Final = 40
STATUS: Final = 26
_NO_LIMIT: Final = 9999

# Regular reads calmer in cells and sentences; Medium marks rank. Bold is never faked: it smears Han strokes.
_TEXT_FAMILIES: Final = ("Gengdi UI", "Gengdi Hei")
_RANK_FAMILIES: Final = ("Gengdi Hei", "Gengdi UI")
_RANK_ROLES: Final = frozenset(("figure", "title", "section", "button"))


class _Current:
    """What is worn now. Kept in one object, because QPainter code far from any window asks for it."""

    look: Look = LIGHT
    scale: float = 1.0
    dressed: bool = False


def look() -> Look:
    """The look that is worn now."""
    return _Current.look


def text_scale() -> float:
    """The factor on every size of type and every length that follows it."""
    return _Current.scale


def px(length: float) -> int:
    """A length in device-independent pixels that grows with the text."""
    return round(length * _Current.scale)


def color(token: Token) -> QColor:
    """The colour of a token in the look that is worn."""
    return QColor(_Current.look.tokens[token])


def soft(tone: Tone) -> Token:
    """The ground on which text in *tone* stands."""
    return cast("Token", f"{tone}_soft")


def fill(tone: Tone) -> Token:
    """The surface of a chart in *tone*; never text."""
    return cast("Token", f"{tone}_fill")


def font(role: Role = "body") -> QFont:
    """The font of a role, for painters; widgets get theirs from the style sheet."""
    made = QFont()
    made.setFamilies(list(_RANK_FAMILIES if role in _RANK_ROLES else _TEXT_FAMILIES))
    made.setPointSizeF(POINTS[role] * _Current.scale)
    return made


def apply(app: QApplication, chosen: Look = LIGHT, scale: float = 1.0) -> None:
    """Dress the program. Call before any window is built: widgets read lengths when they are made."""
    if _Current.dressed and (_Current.look, _Current.scale) == (chosen, scale):
        return  # each change of the sheet goes through every widget there is
    _Current.look, _Current.scale, _Current.dressed = chosen, scale, True
    app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setPalette(_palette())
    app.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    role = QPalette.ColorRole
    pairs: tuple[tuple[QPalette.ColorRole, Token], ...] = (
        (role.Window, "page"), (role.WindowText, "ink"), (role.Base, "sheet"), (role.AlternateBase, "sunken"),
        (role.Text, "ink"), (role.PlaceholderText, "ink3"), (role.Button, "sheet"), (role.ButtonText, "ink"),
        (role.Highlight, "select"), (role.HighlightedText, "ink"), (role.ToolTipBase, "ink"),
        (role.ToolTipText, "sheet"), (role.Link, "accent"), (role.Accent, "accent"), (role.Mid, "rule"),
        (role.Dark, "edge"), (role.Light, "sheet"), (role.Midlight, "hair"), (role.Shadow, "rule"),
    )  # fmt: skip
    made = QPalette()
    for one, token in pairs:
        made.setColor(one, color(token))
    off = QPalette.ColorGroup.Disabled
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(off, one, color("ink3"))
    return made


def _style_sheet() -> str:
    """The rules that a palette cannot say: sheets, bars, kinds of button, roles and tones of labels."""
    t = {str(name): value for name, value in _Current.look.tokens.items()}
    size = {role: f"{points * _Current.scale:g}pt" for role, points in POINTS.items()}
    rank = ", ".join(f'"{name}"' for name in _RANK_FAMILIES)
    tones = "".join(f'QLabel[tone="{tone}"] {{ color: {t[tone]}; }}' for tone in (*TONES, "accent", "ink", "ink2"))
    control, head = px(CONTROL), px(TABLE_HEAD)
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[role="figure"] {{ font-family: {rank}; font-size: {size["figure"]}; }}
    QLabel[role="title"] {{ font-family: {rank}; font-size: {size["title"]}; }}
    QLabel[role="section"] {{ font-family: {rank}; font-size: {size["section"]}; }}
    QLabel[role="label"] {{ color: {t["ink2"]}; font-size: {size["table"]}; }}
    QLabel[role="value"] {{ font-size: {size["table"]}; }}
    QLabel[role="small"] {{ color: {t["ink3"]}; font-size: {size["small"]}; }}
    {tones}
    QFrame[sheet="true"] {{ background: {t["sheet"]}; border: 1px solid {t["rule"]};
        border-radius: {RADIUS_SHEET}px; }}
    QFrame[sheet="sunken"] {{ background: {t["sunken"]}; border: 1px solid {t["rule"]};
        border-radius: {RADIUS_CONTROL}px; }}
    QFrame[sheet="framed"] {{ background: {t["sheet"]}; border: 2px solid {t["accent"]};
        border-radius: {RADIUS_CONTROL}px; }}
    QFrame[sheet="desk"] {{ background: {t["rail"]}; border: 1px solid {t["rule"]};
        border-radius: {RADIUS_SHEET}px; }}
    QFrame[line="h"] {{ background: {t["hair"]}; max-height: 1px; min-height: 1px; border: none; }}
    QFrame[line="v"] {{ background: {t["hair"]}; max-width: 1px; min-width: 1px; border: none; }}
    QFrame[line="rule"] {{ background: {t["rule"]}; max-height: 1px; min-height: 1px; border: none; }}
    QFrame[line="frozen"] {{ background: {t["rule"]}; max-width: 2px; min-width: 2px; border: none; }}
    QFrame[bar] QFrame[line] {{ background: {t["rule"]}; }}
    QFrame[bar="top"] {{ background: {t["rail"]}; border: none; border-bottom: 1px solid {t["rule"]}; }}
    QFrame[bar="status"] {{ background: {t["rail"]}; border: none; border-top: 1px solid {t["rule"]}; }}
    QFrame[bar="nav"] {{ background: {t["rail"]}; border: none; border-right: 1px solid {t["rule"]}; }}
    QFrame[bar="pane"] {{ background: {t["sheet"]}; border: none; border-left: 1px solid {t["rule"]}; }}
    QFrame[bar="foot"] {{ background: {t["page"]}; border: none; border-top: 1px solid {t["rule"]}; }}
    {"".join(_message_rule(tone) for tone in TONES)}
    QPushButton {{ font-family: {rank}; background: {t["sheet"]}; border: 1px solid {t["edge"]}; outline: none;
        border-radius: {RADIUS_CONTROL}px; padding: 0 12px; min-height: {control - 2}px; max-height: {control - 2}px; }}
    QPushButton:hover, QPushButton:pressed {{ background: {t["accent_soft"]}; }}
    QPushButton:focus {{ border: 2px solid {t["accent"]}; padding: 0 11px; min-height: {control - 4}px; }}
    QPushButton:disabled {{ color: {t["ink3"]}; border-color: {t["rule"]}; background: {t["sunken"]}; }}
    QPushButton[kind="main"] {{ background: {t["accent"]}; color: {t["on_accent"]}; border-color: {t["accent"]}; }}
    QPushButton[kind="main"]:focus {{ border: 2px solid {t["ink"]}; }}
    QPushButton[kind="main"]:disabled {{ background: {t["sunken"]}; color: {t["ink3"]}; border-color: {t["rule"]}; }}
    QPushButton[kind="link"] {{ font-family: {_family_list(_TEXT_FAMILIES)}; background: transparent;
        border: 1px solid transparent; color: {t["accent"]}; padding: 0 4px; min-height: {px(22)}px; }}
    QPushButton[kind="link"]:hover {{ background: {t["accent_soft"]}; }}
    QPushButton[kind="link"]:focus {{ border: 2px solid {t["accent"]}; padding: 0 3px; min-height: {px(22) - 2}px; }}
    QPushButton[kind="link"][row="true"], QPushButton[kind="link"][row="true"]:focus {{ font-size: {size["table"]};
        min-height: {px(18)}px; max-height: {px(18)}px; }}
    QPushButton[kind="link"][small="true"] {{ font-size: {size["small"]}; min-height: {px(18)}px; }}
    QPushButton[kind="link"]:disabled {{ color: {t["ink3"]}; }}
    QPushButton[kind="link"][tone="seal"] {{ color: {t["seal"]}; }}
    QPushButton[kind="tool"] {{ font-family: {_family_list(_TEXT_FAMILIES)}; background: transparent;
        border: 1px solid transparent; padding: 0 8px; color: {t["ink2"]}; }}
    QPushButton[kind="tool"]:hover {{ background: {t["accent_soft"]}; }}
    QPushButton[kind="tool"]:focus {{ border: 2px solid {t["accent"]}; padding: 0 7px; }}
    QPushButton[kind="tool"]:checked {{ font-family: {rank}; background: {t["sheet"]}; border-color: {t["rule"]};
        color: {t["ink"]}; }}
    QPushButton[kind="tool"]:disabled {{ color: {t["ink3"]}; }}
    QPushButton::menu-indicator {{ image: none; width: 0; height: 0; }}
    QPushButton[kind="nav"] {{ font-family: {_family_list(_TEXT_FAMILIES)}; background: transparent;
        border: 1px solid transparent; text-align: left; padding: 0 8px; color: {t["ink2"]}; }}
    QPushButton[kind="nav"][tight="true"] {{ min-height: {px(22)}px; max-height: {px(22)}px; }}
    QPushButton[kind="nav"]:hover {{ background: {t["accent_soft"]}; }}
    QPushButton[kind="nav"]:focus {{ border: 2px solid {t["accent"]}; padding: 0 7px; }}
    QPushButton[kind="nav"]:checked {{ font-family: {rank}; background: {t["sheet"]}; color: {t["ink"]};
        border: 1px solid {t["rule"]}; }}
    QPushButton[kind="tool"]:checked:focus, QPushButton[kind="nav"]:checked:focus {{
        border: 2px solid {t["accent"]}; padding: 0 7px; }}
    QPushButton[kind="tile"] {{ background: transparent; border: 1px solid transparent; border-radius: 0;
        padding: 0; min-height: 0; max-height: {_NO_LIMIT}px; }}
    QPushButton[kind="tile"]:hover {{ background: {t["accent_soft"]}; }}
    QPushButton[kind="tile"]:focus {{ border: 2px solid {t["accent"]}; padding: 0; }}
    QFrame[press="true"] {{ background: transparent; border: 1px solid transparent; border-radius: 0; }}
    QFrame[press="true"]:hover {{ background: {t["accent_soft"]}; }}
    QFrame[press="true"]:focus {{ border: 2px solid {t["accent"]}; }}
    QLineEdit, QComboBox, QDateEdit, QPlainTextEdit, QSpinBox {{ background: {t["sheet"]};
        border: 1px solid {t["edge"]}; border-radius: {RADIUS_CONTROL}px; padding: 0 8px;
        min-height: {control - 2}px; selection-background-color: {t["select"]}; selection-color: {t["ink"]}; }}
    QPlainTextEdit {{ padding: 4px 6px; }}
    QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus {{
        border: 2px solid {t["accent"]}; }}
    QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus {{ padding: 0 7px; min-height: {control - 4}px; }}
    QTextEdit {{ background: {t["sheet"]}; border: 1px solid {t["edge"]}; border-radius: {RADIUS_CONTROL}px;
        selection-background-color: {t["select"]}; selection-color: {t["ink"]}; }}
    QTextEdit:focus {{ border: 2px solid {t["accent"]}; }}
    QTextBrowser {{ border: 2px solid transparent; border-radius: 0; }}
    QTextBrowser:focus {{ border: 2px solid {t["accent"]}; }}
    QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {t["sunken"]}; border-color: {t["rule"]}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {t["seal"]}; }}
    QLineEdit[small="true"], QComboBox[small="true"] {{ font-size: {size["table"]}; padding: 0 5px;
        min-height: {px(20)}px; max-height: {px(20)}px; border-color: {t["rule"]}; border-radius: 3px; }}
    QLineEdit[small="true"]:focus, QComboBox[small="true"]:focus {{ padding: 0 4px; min-height: {px(20) - 2}px;
        border-color: {t["accent"]}; }}
    QLineEdit[active="true"], QComboBox[active="true"] {{ border-color: {t["accent"]};
        background: {t["accent_soft"]}; }}
    QLineEdit[find="true"] {{ min-height: {px(24)}px; max-height: {px(24)}px; border-color: {t["rule"]}; }}
    QLineEdit[echoMode="2"] {{ lineedit-password-character: 8226; }}
    QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: {px(20)}px; }}
    QComboBox[small="true"]::drop-down {{ width: 13px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow {{ image: none; width: 0; height: 0; }}
    QComboBox QAbstractItemView {{ background: {t["sheet"]}; border: 1px solid {t["edge"]}; outline: none;
        selection-background-color: {t["select"]}; selection-color: {t["ink"]}; }}
    QListWidget {{ background: {t["sheet"]}; border: 1px solid {t["edge"]}; outline: none; padding: 1px;
        border-radius: {RADIUS_CONTROL}px; selection-background-color: {t["select"]}; selection-color: {t["ink"]}; }}
    QListWidget::item {{ padding: 3px 8px; min-height: {px(22)}px; color: {t["ink"]}; }}
    QListWidget::item:selected {{ background: {t["select"]}; color: {t["ink"]}; }}
    QPlainTextEdit[cell="true"], QPlainTextEdit[cell="true"]:focus {{ border: 2px solid {t["accent"]};
        border-radius: 0; padding: 0 2px; min-height: 0; font-size: {size["table"]}; }}
    QListWidget[cell="true"] {{ border-radius: 0; font-size: {size["table"]}; }}
    QListWidget[cell="true"]::item {{ padding: 1px 6px; }}
    QLabel[cell="hint"] {{ background: {t["seal_soft"]}; border: 1px solid {t["seal_fill"]}; padding: 3px 8px; }}
    QCheckBox, QRadioButton {{ spacing: 8px; min-height: {px(24)}px; }}
    QTableView {{ background: {t["sheet"]}; border: none; font-size: {size["table"]}; outline: none;
        selection-background-color: {t["select"]}; selection-color: {t["ink"]}; }}
    QHeaderView {{ background: {t["sunken"]}; border: none; }}
    QHeaderView::section {{ background: {t["sunken"]}; color: {t["ink2"]}; border: none;
        border-bottom: 1px solid {t["rule"]}; font-size: {size["table"]}; padding: 0 8px; min-height: {head}px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t["rule"]}; border-radius: 3px; min-height: 32px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {t["rule"]}; border-radius: 3px; min-width: 32px; margin: 2px; }}
    QScrollBar::handle:hover {{ background: {t["edge"]}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
        border: none; width: 0; height: 0; }}
    QScrollArea {{ border: none; background: transparent; }}
    QProgressBar {{ background: {t["stone_soft"]}; border: none; border-radius: {RADIUS_CONTROL}px;
        min-height: 8px; max-height: 8px; }}
    QProgressBar::chunk {{ background: {t["accent"]}; border-radius: {RADIUS_CONTROL}px; }}
    QMenu {{ background: {t["sheet"]}; border: 1px solid {t["edge"]}; padding: 4px; }}
    QMenu::item {{ padding: 4px 24px 4px 12px; min-height: {px(22)}px; }}
    QMenu::item:selected {{ background: {t["select"]}; color: {t["ink"]}; }}
    QMenu::item:disabled {{ color: {t["ink3"]}; }}
    QMenu::separator {{ height: 1px; background: {t["hair"]}; margin: 4px 8px; }}
    QToolTip {{ background: {t["ink"]}; color: {t["sheet"]}; border: none; padding: 4px 8px; }}
    """


def _family_list(families: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in families)


def _message_rule(tone: Tone) -> str:
    ground, edge, bar = (_Current.look.tokens[token] for token in (soft(tone), fill(tone), cast("Token", tone)))
    return (
        f'QFrame[message="{tone}"] {{ background: {ground}; border: 1px solid {edge}; border-left: 4px solid {bar};'
        f" border-top-right-radius: {RADIUS_CONTROL}px; border-bottom-right-radius: {RADIUS_CONTROL}px; }}"
    )
