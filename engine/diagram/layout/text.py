"""How much room a label takes: an estimate of the viewer's font, broken where the viewer breaks it."""

import math
import re
import unicodedata

FONT = 11
LINE_HEIGHT = 14
WRAP = 90.0


def label_size(name: str) -> tuple[float, float]:
    """Width and height in pixels of a label beside its shape: the viewer breaks it at 90 pixels."""
    lines = _lines(name)
    return math.ceil(max(_width(line) for line in lines)) + 4, LINE_HEIGHT * len(lines)


def _lines(name: str) -> list[str]:
    """The label as the viewer breaks it: Chinese anywhere, other scripts between words."""
    lines = [""]
    for piece in re.findall(r"[!-\u2e7f]+|\s|.", name):
        if lines[-1] and _width(lines[-1] + piece) > WRAP:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def vertical_length(name: str) -> float:
    """Length in pixels of a lane's name on one line."""
    return _width(name) * 12 / FONT


def _width(text: str) -> float:
    return sum(FONT if unicodedata.east_asian_width(c) in "WF" else FONT * 0.58 for c in text)
