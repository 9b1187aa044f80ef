"""What stands outside the flow: the organ's mark, number and rules, page numbers, 样例, the colophon."""

from __future__ import annotations

import math

from gengdi_desktop.reports.document import SAMPLE, Colophon, Document, Form
from gengdi_desktop.reports.render import geometry as g
from gengdi_desktop.reports.render.ink import Glyphs, Ink, Stroke, label, set_line, text_width
from gengdi_desktop.reports.render.line_breaking import Line, Measure, Span, break_lines
from gengdi_desktop.reports.typefaces import FontRole

_MARK_SIZE = 48.0
_LETTER_MARK_SIZE = 40.0
_MARK_MIN = 14.0
_COLOPHON_LEADING = 20.0
_ONE_LINE = 10_000.0


def mark_size(document: Document, measure: Measure) -> float:
    """Points of the organ's mark: as large as the form wants, smaller where a long name would not fit."""
    wanted = _LETTER_MARK_SIZE if document.form is Form.LETTER else _MARK_SIZE
    room = g.LETTER_RULE_WIDTH - 10 * g.MM if document.form is Form.LETTER else g.WIDTH
    width = text_width(document.letterhead, FontRole.TITLE, 1.0, measure)
    return max(min(wanted, math.floor(room / width * 2) / 2), _MARK_MIN) if width else wanted


def letterhead(document: Document, measure: Measure) -> tuple[list[Ink], int]:
    """The ink of the first page's head, and the grid line on which the title begins: two lines below."""
    if document.form is Form.LETTER:
        return _letter_head(document, measure)
    return _report_head(document, measure)


def _report_head(document: Document, measure: Measure) -> tuple[list[Ink], int]:
    size = mark_size(document, measure)
    top = g.MARK_BELOW_TYPE_AREA
    ink: list[Ink] = [_middle(document.letterhead, size, g.TOP + top + size * g.ASCENT, measure)]
    line = _grid_line(top + size + 2 * g.PITCH)
    baseline = g.TOP + line * g.PITCH + g.EM * g.ASCENT
    if document.issued_by:
        ink += _text(document.number, g.LEFT + g.EM, baseline, measure)
        words = "签发人："
        name = text_width(document.issued_by, FontRole.KAI, g.EM, measure)
        x = g.LEFT + g.WIDTH - g.EM - name
        ink += _text(words, x - text_width(words, FontRole.FANG, g.EM, measure), baseline, measure)
        ink.append(label(document.issued_by, FontRole.KAI, g.EM, x, baseline))
    else:
        x = (g.PAGE_WIDTH - text_width(document.number, FontRole.FANG, g.EM, measure)) / 2
        ink += _text(document.number, x, baseline, measure)
    rule = line * g.PITCH + g.EM + g.RED_LINE_BELOW_NUMBER
    ink.append(Stroke(g.LEFT, g.TOP + rule, g.LEFT + g.WIDTH, g.TOP + rule, 1.4, g.RED))
    return ink, _grid_line(rule + 2 * g.PITCH)


def _letter_head(document: Document, measure: Measure) -> tuple[list[Ink], int]:
    size = mark_size(document, measure)
    ink: list[Ink] = [_middle(document.letterhead, size, g.LETTER_MARK_TOP + size * g.ASCENT, measure)]
    left = (g.PAGE_WIDTH - g.LETTER_RULE_WIDTH) / 2
    right = left + g.LETTER_RULE_WIDTH
    thick = g.LETTER_MARK_TOP + size + g.LETTER_RULE_BELOW_MARK
    thin = thick + g.DOUBLE_RULE_GAP
    ink += [Stroke(left, thick, right, thick, g.THICK, g.RED), Stroke(left, thin, right, thin, g.THIN, g.RED)]
    foot = g.PAGE_HEIGHT - g.LETTER_FOOT_RULE
    ink += [
        Stroke(left, foot - g.DOUBLE_RULE_GAP, right, foot - g.DOUBLE_RULE_GAP, g.THIN, g.RED),
        Stroke(left, foot, right, foot, g.THICK, g.RED),
    ]
    number_top = thin + g.EM * 7 / 8
    x = g.LEFT + g.WIDTH - text_width(document.number, FontRole.FANG, g.EM, measure)
    ink += _text(document.number, x, number_top + g.EM * g.ASCENT, measure)
    return ink, _grid_line(number_top + g.EM + 2 * g.PITCH - g.TOP)


def sample_mark(page_width: float, measure: Measure) -> Ink:
    """The line in the upper margin that says that everything is made up."""
    width = text_width(SAMPLE, FontRole.HEI, g.SAMPLE_SIZE, measure)
    return label(SAMPLE, FontRole.HEI, g.SAMPLE_SIZE, (page_width - width) / 2, g.SAMPLE_BASELINE)


def page_number(number: int, measure: Measure) -> list[Ink]:
    """``— 1 —`` in size 4 below the type area: odd pages right, even pages left, one cell in."""
    text = f"— {number} —"
    y = g.TOP + g.HEIGHT + g.PAGE_NUMBER_BELOW + g.SIZE_4 / 2
    width = sum(measure(character, FontRole.SONG) for character in text) * g.SIZE_4
    x = g.LEFT + g.WIDTH - g.SIZE_4 - width if number % 2 else g.LEFT + g.SIZE_4
    return [label(text, FontRole.SONG, g.SIZE_4, x, y + g.SIZE_4 * 0.35)]


def colophon_height(colophon: Colophon, form: Form, measure: Measure) -> float:
    """Points that the 版记 needs; 0 where there is none."""
    lines = len(_copy_lines(colophon, measure)) if colophon.copy_to else 0
    printed = 1 if colophon.printer and form is Form.REPORT else 0
    return (lines + printed) * _COLOPHON_LEADING + (8.0 if lines + printed else 0.0)


def colophon_ink(colophon: Colophon, form: Form, day: str, measure: Measure) -> list[Ink]:
    """The 版记 with its last line on the lower edge of the type area; letters have neither rules nor printer."""
    bottom = g.TOP + g.HEIGHT
    y = bottom - colophon_height(colophon, form, measure)
    rules = form is Form.REPORT
    ink: list[Ink] = [_rule(y, g.COLOPHON_THICK)] if rules else []
    y += 4.0
    for line in _copy_lines(colophon, measure) if colophon.copy_to else []:
        baseline = y + g.SIZE_4 * g.ASCENT + 2
        x = g.LEFT + g.SIZE_4 + line.indent * g.SIZE_4
        ink += set_line(line, g.SIZE_4, x, baseline, measure, justify=True)
        y += _COLOPHON_LEADING
    if colophon.printer and rules:
        if colophon.copy_to:
            ink.append(_rule(y, g.COLOPHON_THIN))
        baseline = y + g.SIZE_4 * g.ASCENT + 4
        ink += _text(colophon.printer, g.LEFT + g.SIZE_4, baseline, measure, g.SIZE_4)
        words = f"{day}印发"
        width = text_width(words, FontRole.FANG, g.SIZE_4, measure)
        ink += _text(words, g.LEFT + g.WIDTH - g.SIZE_4 - width, baseline, measure, g.SIZE_4)
    return [*ink, _rule(bottom, g.COLOPHON_THICK)] if rules else ink


def _copy_lines(colophon: Colophon, measure: Measure) -> list[Line]:
    words = f"抄送：{colophon.copy_to}。"
    return break_lines([Span(words, FontRole.FANG)], g.WIDTH / g.SIZE_4 - 2, measure, hang=3.0)


def _rule(y: float, width: float) -> Stroke:
    return Stroke(g.LEFT, y, g.LEFT + g.WIDTH, y, width)


def _grid_line(y: float) -> int:
    """The grid line nearest to ``y`` points below the upper edge of the type area."""
    return max(0, round(y / g.PITCH))


def _middle(text: str, size: float, baseline: float, measure: Measure) -> Glyphs:
    x = (g.PAGE_WIDTH - text_width(text, FontRole.TITLE, size, measure)) / 2
    return label(text, FontRole.TITLE, size, x, baseline, colour=g.RED)


def _text(text: str, x: float, baseline: float, measure: Measure, size: float = g.EM) -> list[Ink]:
    lines = break_lines([Span(text, FontRole.FANG)], _ONE_LINE, measure)
    return [ink for line in lines for ink in set_line(line, size, x, baseline, measure, justify=False)]
