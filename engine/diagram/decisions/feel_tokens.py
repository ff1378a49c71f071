"""The lexical units of S-FEEL cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.diagram.expressions.faults import Fault, shown

TOKEN = re.compile(
    r"""\s+
    |(?P<text>"(?:[^"\\\n]|\\.)*")
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?!\w))
    |(?P<word>date\s+and\s+time(?=\s*\()|[^\W\d]\w*)
    |(?P<sign>\.\.|<=|>=|!=|[-+*/%.,=<>()\[\]])""",
    re.VERBOSE,
)
ESCAPE = re.compile(r'\\(["\\nrt]|u[0-9a-fA-F]{4})')
PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class Token:
    """One lexical unit: text, number, word or sign, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def unreadable(text: str, near: str) -> Fault:
    """What an entry cannot be read at, and what one may say instead."""
    return Fault(
        f'条目“{shown(text)}”里的“{near}”无法读懂；可写 "文本"、5、> 5、[1..5]、not("甲")，或 -（任何值）',
        f'“{near}” in the entry “{shown(text)}” is not understood; write "text", 5, > 5, [1..5], not("a"),'
        " or - (anything)",
    )


def tokens_of(text: str) -> Iterator[Token]:
    """The units of a cell; raises Fault at the first character that belongs to none."""
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            near = shown(text[at : at + 20])
            raise unreadable(text, near)
        if match.lastgroup:
            yield Token(match.lastgroup, match.group(), match.start(), match.end())
        at = match.end()


def number_of(text: str) -> int | float:
    """A number as it was written; raises Fault for one of more than 30 digits."""
    if len(text) > 30:
        raise Fault("数字过长", "the number is too long")
    return float(text) if "." in text else int(text)


def unquoted(text: str) -> str:
    """The characters of a quoted FEEL string; raises Fault for an unknown escape."""
    inner = text[1:-1]
    if "\\" in ESCAPE.sub("", inner):
        raise Fault(
            f"文本 {shown(text, 40)} 里的反斜杠用得不对，请去掉或写成 \\\\",
            f"the text {shown(text, 40)} has a backslash out of place: leave it out or write \\\\",
        )
    return ESCAPE.sub(lambda m: PLAIN_ESCAPES.get(m[1]) or chr(int(m[1][1:], 16)), inner)
