"""Compiled expressions, templates and scripts.

Each is immutable and may be shared between threads and bundles.
"""

import ast
import copy
import functools
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram.expressions.budget import Budget, too_large
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.functions import Function
from engine.diagram.expressions.grammar import parse
from engine.diagram.expressions.interpreter import Interpreter
from engine.diagram.expressions.juel import unwrap
from engine.diagram.expressions.reading import reads, script_reads, script_writes
from engine.diagram.expressions.statements import Runner
from engine.diagram.expressions.values import text_of
from engine.errors import ExpressionError

CACHED = 1024  # sources
LONGEST_CACHED = 1_000  # characters: a syntax tree takes about 250 bytes for each
_TROUBLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError, MemoryError)


def _error(source: str, fault: Fault) -> ExpressionError:
    return ExpressionError(source=shown(source, 200), reason=fault.en, reason_zh=fault.zh)


def _unforeseen(source: str, error: Exception) -> ExpressionError:
    if isinstance(error, OverflowError):
        return _error(source, too_large())
    return _error(
        source,
        Fault(
            "算不出来：其中有的值种类不对，或超出了范围",
            "it cannot be worked out: one of its values is of the wrong kind or out of range",
        ),
    )


@dataclass(frozen=True)
class Expression:
    """A compiled expression: its source and the free names that it reads."""

    source: str
    names: frozenset[str]
    tree: ast.AST = field(repr=False, compare=False)

    def evaluate(
        self, names: Mapping[str, object], functions: Mapping[str, Function] | None = None
    ) -> object:
        """The expression's value, never an alias of the data.

        `names` must provide every name that is read (None where it is not set yet); `functions` brings
        `now()` and `today()` (see `functions_at`). Raises ExpressionError.
        """
        budget = Budget()
        try:
            return copy.deepcopy(budget.made(Interpreter(names, functions, budget).value(self.tree)))
        except Fault as fault:
            raise _error(self.source, fault) from None
        except _TROUBLE as error:
            raise _unforeseen(self.source, error) from error


@dataclass(frozen=True)
class Template:
    """A text with `${…}` in it; a text that is one whole `${…}` keeps its value's type."""

    source: str
    parts: tuple[str | Expression, ...]

    @property
    def names(self) -> frozenset[str]:
        """The free names that its expressions read."""
        return frozenset().union(*(part.names for part in self.parts if isinstance(part, Expression)))

    def evaluate(
        self, names: Mapping[str, object], functions: Mapping[str, Function] | None = None
    ) -> object:
        """The text with its values filled in (null is nothing); raises ExpressionError."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Expression):
            return self.parts[0].evaluate(names, functions)
        return "".join(p if isinstance(p, str) else text_of(p.evaluate(names, functions)) for p in self.parts)


@dataclass(frozen=True)
class Script:
    """A compiled script: the names that it reads before setting them, and those that it may change."""

    source: str
    reads: frozenset[str]
    writes: frozenset[str]
    tree: ast.Module = field(repr=False, compare=False)

    def run(self, names: dict[str, object], functions: Mapping[str, Function] | None = None) -> None:
        """Run over `names`, all or nothing: a script that fails leaves them as they were.

        Written values are stored as JSON holds them (dates as ISO text). Raises ExpressionError.
        """
        changed = self.changes(names, functions)
        names.update(changed)

    def changes(
        self, names: Mapping[str, object], functions: Mapping[str, Function] | None = None
    ) -> dict[str, object]:
        """What a run would set, without setting it; raises ExpressionError."""
        used = {name: copy.deepcopy(names[name]) for name in self.reads | self.writes if name in names}
        try:
            Runner(used, functions).run(self.tree.body)
        except Fault as fault:
            raise _error(self.source, fault) from None
        except _TROUBLE as error:
            raise _unforeseen(self.source, error) from error
        return {name: used[name] for name in sorted(self.writes) if name in used}


def compile_expression(source: str) -> Expression:
    """Compile `${…}`, `#{…}`, `= …` or a plain expression; JUEL spellings are accepted.

    Raises ExpressionError for what cannot be read, is not whitelisted or calls an unknown function.
    """
    return (_cached if len(source) <= LONGEST_CACHED else _compiled)(source)


def _compiled(source: str) -> Expression:
    try:
        tree = parse(unwrap(source), "eval")
    except Fault as fault:
        raise _error(source, fault) from None
    assert isinstance(tree, ast.Expression)
    return Expression(source, reads(tree), tree.body)


_cached = functools.lru_cache(CACHED)(_compiled)


@functools.lru_cache(CACHED // 8)
def compile_script(source: str) -> Script:
    """Compile the script of a script task; raises ExpressionError."""
    try:
        tree = parse(_dedented(source), "exec")
    except Fault as fault:
        raise _error(source, fault) from None
    assert isinstance(tree, ast.Module)
    return Script(source, script_reads(tree.body), script_writes(tree.body), tree)


def _dedented(source: str) -> str:
    """Modelers keep a script as the XML indents it: the first line without, the others with indentation."""
    first, _, rest = source.strip("\n").partition("\n")
    lines = [line for line in rest.splitlines() if line.strip()]
    if first.rstrip().endswith(":") or not lines or first[:1].isspace():
        return textwrap.dedent(source.strip("\n"))
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return "\n".join([first, *(line[margin:] for line in rest.splitlines())])


def is_template(text: str) -> bool:
    """Whether a text holds `${…}` or `#{…}`."""
    return "${" in text or "#{" in text


def compile_template(text: str) -> Template:
    """Compile a text with any number of `${…}` in it; raises ExpressionError."""
    parts: list[str | Expression] = []
    at = 0
    while start := _OPEN.search(text, at):
        if literal := text[at : start.start()]:
            parts.append(literal)
        at = _end(text, start.end())
        parts.append(compile_expression(text[start.start() : at]))
    if rest := text[at:]:
        parts.append(rest)
    if len(parts) == 2 and isinstance(parts[0], Expression) and not rest.strip():
        parts.pop()
    return Template(text, tuple(parts))


_OPEN = re.compile(r"[$#]\{")
_INSIDE = re.compile(r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<bracket>[{}])""")


def _end(text: str, at: int) -> int:
    depth = 1
    for match in _INSIDE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    raise _error(text, Fault("“${”后面少了“}”，应如 ${amount}", "a “${” lacks its “}”, as in ${amount}"))
