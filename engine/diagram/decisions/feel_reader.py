"""Reads a decision cell from left to right: S-FEEL unary tests and literals; nothing is evaluated."""

from engine.diagram.decisions.feel import Bound, Endpoint, UnaryTests, compared
from engine.diagram.decisions.feel_tokens import Token, number_of, tokens_of, unquoted, unreadable
from engine.diagram.expressions import compile_expression
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.values import as_date, as_datetime
from engine.errors import ExpressionError

MAX_CELL = 2_000  # characters
WORDS: dict[str, object] = {"true": True, "false": False, "null": None}
OPERATORS = ("<=", ">=", "!=", "<", ">", "=")


def parse_cell(source: str) -> UnaryTests:
    """Parse an input cell; empty text means `-`. Raises Fault with the reason."""
    text = source.strip()
    if not text or text == "-":
        return UnaryTests(text)
    if len(text) > MAX_CELL:
        raise Fault(
            f"条目过长（上限 {MAX_CELL} 字符）", f"the entry is too long (limit {MAX_CELL} characters)"
        )
    return _Reader(text).cell()


def parse_literal(source: str) -> Endpoint | None:
    """The literal that a text is, or None when it is not a literal but an expression. Raises Fault."""
    try:
        reader = _Reader(source.strip())
    except Fault:
        return None  # not spelt in S-FEEL: an expression, or nothing at all
    literal = reader.literal()
    return literal if literal and reader.ended else None


class _Reader:
    """Reads one cell from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens_of(text))
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        text = self.peek()
        if text not in expected:
            raise self.unreadable()
        self.at += 1
        return text

    def unreadable(self) -> Fault:
        return unreadable(self.text, shown(self.peek() or "…", 20))

    def cell(self) -> UnaryTests:
        if not self.tokens:
            raise self.unreadable()
        negated = self.peek() == "not" and self.peek(1) == "("
        if negated:
            self.at += 2
        tests = [self.test()]
        while self.peek() == ",":
            self.at += 1
            tests.append(self.test())
        if negated:
            self.take(")")
        if not self.ended:
            raise self.unreadable()
        return UnaryTests(self.text, tuple(tests), negated)

    def test(self) -> tuple[Bound, ...]:
        if self.peek() in ("[", "(", "]"):
            return self.interval()
        if self.peek() in OPERATORS:
            operator = self.take(*OPERATORS)
            return (Bound(operator, self.endpoint()),)
        if literal := self.literal():
            return (Bound("=", literal),)
        if self.tokens[self.at : self.at + 1] and self.tokens[self.at].kind == "word":
            word = shown(self.peek(), 40)
            raise Fault(
                f'{word} 应写成 "{word}"（文本须加英文双引号）；与另一名称比较请写 = {word}',
                f'{word} should be "{word}" (text needs double quotes); for a name write = {word}',
            )
        raise self.unreadable()

    def interval(self) -> tuple[Bound, Bound]:
        low = ">=" if self.take("[", "(", "]") == "[" else ">"
        first = self.endpoint()
        self.take("..")
        second = self.endpoint()
        high = "<=" if self.take("]", ")", "[") == "]" else "<"
        return self._ordered(Bound(low, first), Bound(high, second))

    def _ordered(self, low: Bound, high: Bound) -> tuple[Bound, Bound]:
        first, second = low.endpoint, high.endpoint
        if not first.expression and not second.expression:
            empty = compared("<", second.literal, first.literal)
            if empty or empty is None:
                said = shown(self.text)
                raise Fault(
                    f"区间“{said}”里没有任何值：前一个须小于后一个，如 [1..5]",
                    f"nothing lies in “{said}”: the first must be less than the second, as in [1..5]",
                )
        return low, high

    def endpoint(self) -> Endpoint:
        return self.literal() or self.expression()

    def literal(self) -> Endpoint | None:
        """A literal that is the whole endpoint, or None with nothing taken."""
        start = self.at
        negative = self.peek() == "-"
        if negative:
            self.at += 1
        found = self._literal(negative)
        if found is None or self.peek() not in ("", ",", "..", ")", "]", "["):
            self.at = start
            return None
        return found

    def _literal(self, negative: bool) -> Endpoint | None:
        if self.ended:
            return None
        token = self.tokens[self.at]
        if token.kind == "number":
            self.at += 1
            number = number_of(token.text)
            return Endpoint(-number if negative else number)
        if negative:
            return None
        if token.kind == "text":
            self.at += 1
            return Endpoint(unquoted(token.text))
        if token.kind == "word" and token.text in WORDS:
            self.at += 1
            return Endpoint(WORDS[token.text])
        return self._time(token)

    def _time(self, token: Token) -> Endpoint | None:
        name = " ".join(token.text.split())
        if name not in ("date", "date and time") or self.peek(1) != "(" or self.peek(3) != ")":
            return None
        said = self.tokens[self.at + 2]
        if said.kind != "text":
            return None
        self.at += 4
        text = unquoted(said.text)
        return Endpoint(as_date(text) if name == "date" else as_datetime(text))

    def expression(self) -> Endpoint:
        """An endpoint over names, up to the end of this test."""
        start, depth = self.at, 0
        while not self.ended:
            text = self.peek()
            if depth == 0 and text in (",", "..", ")", "]", "["):
                break
            depth += (text in "([") - (text in ")]")
            self.at += 1
        if start == self.at:
            raise self.unreadable()
        source = self.text[self.tokens[start].start : self.tokens[self.at - 1].end]
        try:
            return Endpoint(expression=compile_expression(source))
        except ExpressionError as error:
            raise Fault(error.message("zh").rstrip("。"), error.message("en").rstrip(".")) from None
