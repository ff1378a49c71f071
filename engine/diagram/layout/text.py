"""How much room a label takes: an estimate of what the viewer's font needs, wrapped into balanced lines."""

import math
import re
import unicodedata

FONT = 11
LINE_HEIGHT = 14
WRAP = {"node": 72, "flow": 84}


def label_size(name: str, wrap: int) -> tuple[float, float]:
    """Width and height in pixels of a label wrapped at about `wrap` pixels, its lines as even as possible."""
    lines = max(1, math.ceil(_width(name) / wrap))
    width = max(_width(name) / lines + FONT * (lines > 1), *(_width(word) for word in _words(name)))
    return math.ceil(width) + 6, LINE_HEIGHT * lines


def vertical_length(name: str) -> float:
    """Length in pixels of a lane's name on one line."""
    return _width(name) * 12 / FONT


def _words(name: str) -> list[str]:
    """Pieces that are not broken: Chinese breaks anywhere, other scripts between words."""
    return re.findall(r"[!-⺀]+", name) or [""]


def _width(text: str) -> float:
    return sum(FONT if unicodedata.east_asian_width(c) in "WF" else FONT * 0.58 for c in text)
