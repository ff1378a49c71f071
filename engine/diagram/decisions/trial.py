"""A decision table tried with values that somebody typed: which rules match, what is answered, or why not."""

import datetime as dt
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.diagram.decisions.columns import Input, Output, Rule
from engine.diagram.decisions.table import Decision
from engine.diagram.expressions import Function, clock_functions, compile_expression, functions_at
from engine.diagram.expressions.faults import Fault
from engine.diagram.expressions.values import text_of
from engine.errors import DecisionError, ExpressionError

Words = tuple[str, str]  # in Chinese and in English; the English may be empty
Miss = tuple[int, tuple[tuple[Words, str], ...]]
NEAREST = 5  # rules that are told
MOST_SECONDS = 2.0  # of computing; a table as it is shipped takes a thousandth of it
NUMBER = re.compile(r"[+-]?(\d{1,15}([.]\d{1,15})?|[.]\d{1,15})")
NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Answered:
    """What a column answers; `words`: what that means, where the column says so."""

    column: Words
    text: str
    words: Words = ("", "")


@dataclass(frozen=True)
class TableTrial:
    """What a table makes of some values. `matching`: the numbers of the rules that match; `rows`: the answers
    that count, one row, or several for COLLECT; `reason`: why nothing comes out, in Chinese and in English.

    `nearest`: where no rule matches, the numbers of those of which the fewest entries do not fit, with these
    entries, each with its column. `unset`: names that the table reads beside its inputs; they have no value
    here. `clocks`: names of clocks that it asks for; a trial has no case, so none of them runs."""

    policy: str
    matching: tuple[int, ...] = ()
    rows: tuple[tuple[Answered, ...], ...] = ()
    reason: Words | None = None
    nearest: tuple[Miss, ...] = ()
    unset: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()


class _InTime(Mapping[str, Function]):
    """The functions, for so many seconds: every evaluation asks for them once, and is refused afterwards."""

    def __init__(self, functions: Mapping[str, Function], seconds: float) -> None:
        self._functions, self._deadline = functions, time.monotonic() + seconds

    def __getitem__(self, name: str) -> Function:
        return self._functions[name]

    def __len__(self) -> int:
        return len(self._functions)

    def __iter__(self) -> Iterator[str]:
        if time.monotonic() > self._deadline:
            raise Fault(
                "计算时间过长，请简化条目中的表达式",
                "it takes too long: make the expressions in the entries simpler",
            )
        return iter(self._functions)


def try_decision(
    decision: Decision, given: Sequence[str], now: dt.datetime, seconds: float = MOST_SECONDS
) -> TableTrial:
    """Decides with the given texts as the values of the inputs, in the order of the columns; an empty text is
    a value that is not set. Never raises for what was typed; what takes more `seconds` to work out gives
    no answer."""
    policy = " ".join(filter(None, (decision.hit_policy, decision.aggregation)))
    values = [_value(column, at, decision, text.strip()) for at, (column, text) in _pairs(decision, given)]
    tried = replace(
        decision,
        inputs=tuple(
            replace(column, expression=compile_expression(f"tried_{at}"))
            for at, column in enumerate(decision.inputs)
        ),
    )
    known = {c.expression.source: v for c, v in zip(decision.inputs, values, strict=True)}
    unset = sorted(name for name in tried.names if name not in known and not name.startswith("tried_"))
    names = {f"tried_{at}": value for at, value in enumerate(values)} | dict.fromkeys(unset)
    names |= {name: value for name, value in known.items() if NAME.fullmatch(name)}
    asked = set[str]()
    clocks = clock_functions(lambda name, _case: asked.add(name), now)
    functions = _InTime(functions_at(now) | clocks, seconds)
    found = _tried(tried, names, functions, TableTrial(policy, unset=tuple(unset)))
    return replace(found, clocks=tuple(sorted(asked)))


def _pairs(decision: Decision, given: Sequence[str]) -> list[tuple[int, tuple[Input, str]]]:
    texts = [*given, *[""] * len(decision.inputs)]
    return list(enumerate(zip(decision.inputs, texts, strict=False)))


def _tried(
    decision: Decision, names: Mapping[str, object], functions: Mapping[str, Function], trial: TableTrial
) -> TableTrial:
    try:
        missed = _missed(decision, names, functions)
    except (DecisionError, ExpressionError, Fault) as refused:
        return replace(trial, reason=_reason(refused))
    trial = replace(trial, matching=tuple(rule.number for rule, misses in missed if not misses))
    try:
        rows = decision.decide_rows(names, functions)
    except DecisionError as refused:
        return replace(trial, reason=_reason(refused), nearest=_nearest(decision, trial, missed))
    return replace(trial, rows=tuple(_row(decision, row) for row in rows))


def _row(decision: Decision, row: Mapping[str, object]) -> tuple[Answered, ...]:
    return tuple(_answered(output, row[output.name]) for output in decision.outputs if output.name in row)


def _missed(
    decision: Decision, names: Mapping[str, object], functions: Mapping[str, Function]
) -> list[tuple[Rule, tuple[int, ...]]]:
    """Each rule with the columns whose entry does not fit the value."""
    values = decision.tested(names, functions)
    missed = list[tuple[Rule, tuple[int, ...]]]()
    for rule in decision.rules:
        pairs = enumerate(zip(rule.tests, values, strict=True))
        misses = (at for at, (test, value) in pairs if not test.matches(value, names, functions))
        missed.append((rule, tuple(misses)))
    return missed


def _nearest(
    decision: Decision, trial: TableTrial, missed: list[tuple[Rule, tuple[int, ...]]]
) -> tuple[Miss, ...]:
    if trial.matching:
        return ()
    fewest = min(len(misses) for _, misses in missed)
    return tuple(
        (rule.number, tuple((_heading(decision.inputs[at]), rule.tests[at].source) for at in misses))
        for rule, misses in missed
        if len(misses) == fewest
    )[:NEAREST]


def _heading(column: Input | Output) -> Words:
    return column.label, column.wording.label_en


def _answered(column: Output, value: object) -> Answered:
    text = text_of(value)
    zh, en = column.wording.answers.get(text, ("", ""))
    return Answered(_heading(column), text, (zh if zh != text else "", en))


def _reason(refused: DecisionError | ExpressionError | Fault) -> Words:
    if isinstance(refused, Fault):
        return refused.zh, refused.en
    if isinstance(refused, DecisionError):
        return refused.reason_zh, refused.reason
    return refused.message("zh"), refused.message("en")


def _value(column: Input, at: int, decision: Decision, text: str) -> object:
    """A text as the value that a case would have; what does not fit the type stays a text and is refused
    where the table looks at it."""
    if not text:
        return None
    kind = "string" if column.kind == "Any" and _texts(decision, at) else column.kind
    if kind in ("boolean", "Any") and text in ("true", "false"):
        return text == "true"
    if kind in ("number", "Any") and NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _texts(decision: Decision, at: int) -> bool:
    """Whether the entries of an input column compare with texts."""
    tests = decision.inputs[at].allowed, *(rule.tests[at] for rule in decision.rules)
    return any(isinstance(end.literal, str) for test in tests for end in test.endpoints)
