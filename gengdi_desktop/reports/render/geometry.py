"""The measures of GB/T 9704-2012 in points, counted from the top left corner of an A4 page."""

from __future__ import annotations

MM = 72 / 25.4
PAGE_WIDTH = 210 * MM
PAGE_HEIGHT = 297 * MM

LEFT = 28 * MM
TOP = 37 * MM
WIDTH = 156 * MM
HEIGHT = 225 * MM
"""The type area (版心): 156 × 225 mm."""

COLUMNS = 28
LINES = 22
EM = WIDTH / COLUMNS
"""Size 3 (三号): 28 full-width cells fill the line exactly, so no letter spacing is needed in pure Chinese lines."""
PITCH = (HEIGHT - EM) / (LINES - 1)
"""Line pitch: the first line's glyphs touch the upper edge of the type area, the last line's the lower edge."""

SIZE_2 = 22.0
SIZE_4 = 14.0
SIZE_SMALL_4 = 12.0
"""二号, 四号, 小四 in points."""

ASCENT = 0.88
"""How far the top of a Chinese glyph's square lies above its baseline, in parts of the size."""

RED = (0.87, 0.0, 0.0)
BLACK = (0.0, 0.0, 0.0)
PALE = (0.92, 0.92, 0.92)

MARK_BELOW_TYPE_AREA = 35 * MM
"""Report form: upper edge of the organ's mark below the upper edge of the type area."""
RED_LINE_BELOW_NUMBER = 4 * MM
LETTER_MARK_TOP = 30 * MM
"""Letter form: upper edge of the organ's mark below the upper edge of the page."""
LETTER_RULE_BELOW_MARK = 4 * MM
LETTER_RULE_WIDTH = 170 * MM
LETTER_FOOT_RULE = 20 * MM
"""Letter form: the lower double rule above the lower edge of the page."""
PAGE_NUMBER_BELOW = 7 * MM
"""The dashes of the page number below the lower edge of the type area."""
SAMPLE_SIZE = 10.5
SAMPLE_BASELINE = 16 * MM
"""The line that marks samples, in the upper margin: above every head, so that the grid of the text stays as it is."""
THICK = 2.2
THIN = 0.7
DOUBLE_RULE_GAP = 2.6
"""Letter form: widths of the double rule's two lines and the distance of their centres."""
COLOPHON_THICK = 0.35 * MM
COLOPHON_THIN = 0.25 * MM
