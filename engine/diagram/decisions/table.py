"""A decision table ready to decide: typed inputs, rules, hit policy, outputs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from engine.diagram.decisions.columns import Input, Output, Rule
from engine.diagram.decisions.feel import same
from engine.diagram.decisions.types import fits, typed
from engine.diagram.expressions.faults import Fault, shown
from engine.diagram.expressions.functions import Function
from engine.diagram.expressions.values import plain, text_of
from engine.errors import DecisionError, ExpressionError

Names = Mapping[str, object]
Functions = Mapping[str, Function] | None
AGGREGATES: dict[str, Callable[..., object]] = {"SUM": sum, "MIN": min, "MAX": max}


@dataclass(frozen=True)
class Decision:
    """One decision table; immutable, shared between threads."""

    id: str
    name: str
    file: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str
    aggregation: str | None = None
    description: str = ""
    line: int = 1
    column: int = 1

    @property
    def names(self) -> frozenset[str]:
        """Every name that the table reads."""
        cells = (test.names for rule in self.rules for test in rule.tests)
        answers = (a.expression.names for rule in self.rules for a in rule.answers if a.expression)
        return frozenset().union(*(i.expression.names for i in self.inputs), *cells, *answers)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names that `decide` sets, in the order of the columns."""
        return tuple(output.name for output in self.outputs)

    def decide(self, names: Names, functions: Functions = None) -> dict[str, object]:
        """The outputs by name: JSON-able values; lists, or the aggregate, for COLLECT.

        `names` provides every name in `self.names` (None where unset). Raises DecisionError, naming the table
        and the inputs, when no rule matches, when UNIQUE or ANY is violated and when an input is of the wrong
        kind.
        """
        rows = self.decide_rows(names, functions)
        if self.hit_policy != "COLLECT" or self.aggregation:
            return rows[0]
        return {name: [row[name] for row in rows] for name in self.output_names}

    def decide_rows(self, names: Names, functions: Functions = None) -> list[dict[str, object]]:
        """The outputs of each rule that counts, in table order, or one row with the aggregate.

        Raises as `decide` does.
        """
        values = self.tested(names, functions)
        try:
            hits = [rule for rule in self.rules if self._hit(rule, values, names, functions)]
            rows = self._counted(hits, values, names, functions)
            return [self._aggregate(rows)] if self.aggregation else rows
        except Fault as fault:
            self._refuse(values, fault)
        except ExpressionError as error:
            self._refuse(values, _reason(error))

    def mapped(self, how: str, names: Names, functions: Functions = None) -> object:
        """The result as Camunda 7's `mapDecisionResult` wants it: singleEntry (one value), singleResult (one
        row), collectEntries (one value a row) or resultList (all rows).

        Raises as `decide` does, and DecisionError where several rows or outputs stand in the way of one.
        """
        rows = self.decide_rows(names, functions)
        several = how.startswith("single") and len(rows) > 1
        if several or (how.endswith(("Entry", "Entries")) and len(self.outputs) > 1):
            zh, en = (
                f"结果有多行或多列，取结果的方式 {how}（mapDecisionResult）容不下；可改用 resultList",
                f"its result has too many rows or outputs for {how} (mapDecisionResult); use resultList",
            )
            self._refuse(self.tested(names, functions), Fault(zh, en))
        found: list[object] = list(rows)
        if how.endswith(("Entry", "Entries")):
            found = [row[self.output_names[0]] for row in rows]
        if how.startswith("single"):
            return found[0] if found else None
        return found

    def tested(self, names: Names, functions: Functions = None) -> list[object]:
        """The values of the inputs, each as its column's kind. Raises DecisionError."""
        values: list[object] = []
        for column in self.inputs:
            try:
                value = column.expression.evaluate(names, functions)
                values.append(value)
                values[-1] = typed(value, column.kind, column.label)
                self._check_allowed(column, values[-1])
            except Fault as fault:
                self._refuse(values, fault)
            except ExpressionError as error:
                self._refuse(values, _reason(error))
        return values

    @staticmethod
    def _check_allowed(column: Input, value: object) -> None:
        if value is not None and not column.allowed.matches(value):
            said, allowed = shown(text_of(value), 40), shown(column.allowed.source)
            raise Fault(
                f"{column.label} 的值“{said}”不在允许范围 {allowed} 内",
                f"the value “{said}” of {column.label} is not among {allowed}",
            )

    @staticmethod
    def _hit(rule: Rule, values: list[object], names: Names, functions: Functions) -> bool:
        pairs = zip(rule.tests, values, strict=True)
        return all(test.matches(value, names, functions) for test, value in pairs)

    def _counted(
        self, hits: list[Rule], values: list[object], names: Names, functions: Functions
    ) -> list[dict[str, object]]:
        if not hits:
            return self._unmatched()
        if self.hit_policy == "UNIQUE" and len(hits) > 1:
            said = _numbers(hits)
            raise Fault(
                f"第 {said} 条规则同时符合，而表格只允许一条", f"rules {said} all match, and only one may"
            )
        if self.hit_policy == "COLLECT":
            return [self._answers(rule, names, functions) for rule in hits]
        rows = [self._answers(r, names, functions) for r in (hits if self.hit_policy == "ANY" else hits[:1])]
        if any(not _alike(row, rows[0]) for row in rows[1:]):
            said = _numbers(hits)
            raise Fault(
                f"第 {said} 条规则同时符合而结果不同", f"rules {said} all match and answer differently"
            )
        return rows[:1]

    def _unmatched(self) -> list[dict[str, object]]:
        defaults = [output.default for output in self.outputs]
        if all(defaults):
            return [{o.name: plain(o.default.literal) for o in self.outputs if o.default}]
        if self.hit_policy == "COLLECT" and self.aggregation in (None, "COUNT"):
            return []
        raise Fault("没有符合的规则", "no rule matches")

    def _answers(self, rule: Rule, names: Names, functions: Functions) -> dict[str, object]:
        row: dict[str, object] = {}
        for output, answer in zip(self.outputs, rule.answers, strict=True):
            value = answer.value(names, functions)
            if not fits(value, output.kind) or not (value is None or output.allowed.matches(value)):
                said = shown(text_of(value), 40)
                raise Fault(
                    f"第 {rule.number} 条规则的结果“{said}”不符合 {output.name} 的类型或取值",
                    f"rule {rule.number} answers “{said}”, which {output.name} does not allow",
                )
            row[output.name] = plain(value)
        return row

    def _aggregate(self, rows: list[dict[str, object]]) -> dict[str, object]:
        name = self.output_names[0]
        if self.aggregation == "COUNT":
            return {name: len(rows)}
        numbers = [row[name] for row in rows]
        if any(type(value) not in (int, float) for value in numbers):
            raise Fault("只有数字可以汇总", "only numbers can be aggregated")
        return {name: AGGREGATES[self.aggregation or "SUM"](numbers)}

    def _refuse(self, values: list[object], fault: Fault) -> NoReturn:
        raise DecisionError(
            table=f"{self.name} ({self.id})",
            inputs=", ".join(
                f"{c.heading.en} = {_said(v, 'null')}" for c, v in zip(self.inputs, values, strict=False)
            ),
            inputs_zh="，".join(
                f"{c.label} = {_said(v, '空')}" for c, v in zip(self.inputs, values, strict=False)
            ),
            reason=fault.en,
            reason_zh=fault.zh,
        ) from None


def _reason(error: ExpressionError) -> Fault:
    return Fault(error.message("zh").rstrip("。"), error.message("en").rstrip("."))


def _said(value: object, null: str) -> str:
    return null if value is None else shown(text_of(value), 40)


def _numbers(rules: Iterable[Rule]) -> str:
    return ", ".join(str(rule.number) for rule in rules)


def _alike(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(same(one[name], other[name]) for name in one)
