"""Expression spelling: JUEL and FEEL habits in, the Python-like spelling of our grammar out.

`&& || ! eq ne lt gt le ge div mod empty true false null a ? b : c` and, in expressions, a single `=`.
Two unary operators that the grammar does not otherwise use carry what Python lacks: `!` becomes `+`
(binds tightly, as in JUEL) and `empty` becomes `~`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from engine.diagram.expressions.faults import Fault, shown

MAX_SOURCE = 8_000  # characters
MAX_BRACKETS = 40
MAX_PREFIXES = 12  # `not not not …`: nobody writes it, and the parser recurses on it

TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>\#[^\n]*)
    |(?P<text>[fF]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?!\w))
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|<>|:=|\*\*|//|\+=|-=|\*=|/=|[-!<>=+*/%.,:?()\[\]{}])""",
    re.VERBOSE,
)
ESCAPES = re.compile(r"""\\(?!["'\\nrt]|u[0-9a-fA-F]{4})""")
WORDS = {
    "true": "True", "false": "False", "null": "None", "eq": "==", "ne": "!=", "lt": "<", "gt": ">",
    "le": "<=", "ge": ">=", "div": "/", "mod": "%", "empty": "~",
}  # fmt: skip
SIGNS = {"&&": " and ", "||": " or ", "!": "+", "<>": "!="}
PREFIXES = {"not", "-", "+", "~"}
OPENERS, CLOSERS = "([{", ")]}"
BEFORE_UNARY = frozenset("([{,:?=<>+-*/%!~") | {
    "==", "!=", "<=", ">=", "&&", "||", "**", "//", "<>", "and", "or", "not", "in", "if", "else",
    "return", "+=", "-=", "*=", "/=", *WORDS.keys() - {"true", "false", "null"},
}  # fmt: skip
Mode = Literal["eval", "exec"]


@dataclass
class Token:
    """One lexical unit: its kind, what was written, and how our grammar spells it."""

    kind: str
    text: str
    spelt: str


def unwrap(source: str) -> str:
    """The expression inside `${…}`, `#{…}` or after a leading `=`; plain text stays as it is."""
    text = source.strip()
    if text[:2] in ("${", "#{") and text.endswith("}"):
        return text[2:-1].strip()
    if text.startswith("=") and not text.startswith("=="):
        return text[1:].strip()
    return text


def translate(source: str, mode: Mode) -> str:
    """Our grammar's spelling of an expression (`eval`) or script (`exec`); raises `Fault`."""
    if len(source) > MAX_SOURCE:
        raise Fault(
            f"表达式过长（上限 {MAX_SOURCE} 字符）", f"it is too long (limit {MAX_SOURCE} characters)"
        )
    tokens = _spell(list(_tokens(source, mode)), mode)
    _check_nesting(tokens)
    if mode == "eval" and any(t.spelt == "?" for t in tokens):
        return _choices(tokens)
    return "".join(t.spelt for t in tokens)


def _tokens(source: str, mode: Mode) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = TOKEN.match(source, at)
        kind = match.lastgroup if match else None
        if match is None or kind is None or (kind == "comment" and mode == "eval") or match.group() == ":=":
            near = shown(source[at : at + 20])
            raise Fault(
                f'“{near}”这里无法读懂：请用英文标点，文本加英文双引号，如 state == "open"',
                f'“{near}” is not understood: use plain signs and double quotes, as in state == "open"',
            )
        if kind == "text" and (ESCAPES.search(match.group()) or (tokens and tokens[-1].kind == "word")):
            near = shown(match.group())
            raise Fault(
                f"文本 {near} 的写法不正确：引号前不能紧跟名称，反斜杠须写成 \\\\",
                f"the text {near} is not written correctly: no name may touch its quote, a backslash is \\\\",
            )
        spelt = " " if kind == "space" and mode == "eval" else match.group()
        tokens.append(Token(kind, match.group(), spelt))
        at = match.end()
    return tokens


def _spell(tokens: list[Token], mode: Mode) -> list[Token]:
    previous = ""
    for token in tokens:
        if token.kind in ("space", "comment"):
            continue
        if token.kind == "word" and previous != ".":
            token.spelt = WORDS.get(token.text, token.text)
        elif token.text == "+" and (not previous or previous in BEFORE_UNARY):
            token.spelt = " "  # a plus sign before a value changes nothing
        elif token.text == "=" and mode == "eval":
            token.spelt = "=="
        elif token.kind == "sign":
            token.spelt = SIGNS.get(token.text, token.text)
        previous = token.text
    return tokens


def _check_nesting(tokens: list[Token]) -> None:
    depth = prefixes = 0
    for token in tokens:
        if token.kind in ("space", "comment"):
            continue
        if token.kind == "sign":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
        prefixes = prefixes + 1 if token.spelt in PREFIXES else 0
        if depth > MAX_BRACKETS or prefixes > MAX_PREFIXES:
            raise Fault("括号或否定层数过多，请拆开来写", "it has too many levels: split it up")


def _choices(tokens: list[Token]) -> str:
    """Rewrite `a ? b : c` as `b if a else c`, level by level of brackets."""
    parts: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind == "sign" and tokens[at].text in OPENERS:
            end = _closing(tokens, at)
            parts.append(tokens[at].text + _choices(tokens[at + 1 : end]) + tokens[end].text)
            at = end + 1
        else:
            parts.append(tokens[at].spelt)
            at += 1
    return ",".join("".join(_choice(segment)) for segment in _split(parts, ","))


def _choice(parts: list[str]) -> list[str]:
    if "?" not in parts:
        return parts
    mark = parts.index("?")
    start = max((i + 1 for i in range(mark) if parts[i] == ":"), default=0)
    open_marks = 0
    for at in range(mark + 1, len(parts)):
        open_marks += (parts[at] == "?") - (parts[at] == ":")
        if open_marks < 0:
            yes, no = _choice(parts[mark + 1 : at]), _choice(parts[at + 1 :])
            return [*parts[:start], "(", *yes, ") if (", *parts[start:mark], ") else ", *no]
    raise Fault(
        "“?”后面少了“:”，应如 urgent ? 24 : 48", "a “?” lacks its “:”, as in urgent ? 24 : 48"
    )


def _split(parts: list[str], mark: str) -> list[list[str]]:
    segments: list[list[str]] = [[]]
    for part in parts:
        if part == mark:
            segments.append([])
        else:
            segments[-1].append(part)
    return segments


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for i in range(at, len(tokens)):
        if tokens[i].kind == "sign":
            depth += (tokens[i].text in OPENERS) - (tokens[i].text in CLOSERS)
        if depth == 0:
            return i
    raise Fault("括号不成对：有的没有打开或没有关上", "the brackets do not match: one is missing")
