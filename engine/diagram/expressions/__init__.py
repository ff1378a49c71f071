"""Expressions of diagrams, forms and decisions: whitelisted, budgeted, compiled once, never changing data."""

from engine.diagram.expressions.clocks import CLOCK_FUNCTIONS, ClockFacts, ReadClock, clock_functions
from engine.diagram.expressions.compiled import (
    Expression,
    Script,
    Template,
    compile_expression,
    compile_script,
    compile_template,
    is_template,
)
from engine.diagram.expressions.functions import Function, functions_at
from engine.diagram.expressions.juel import unwrap
from engine.diagram.expressions.script_engine import ScriptEngine, script_engine
from engine.diagram.expressions.values import HOUSE_ZONE, plain

__all__ = [
    "CLOCK_FUNCTIONS", "HOUSE_ZONE", "ClockFacts", "Expression", "Function", "ReadClock", "Script",
    "ScriptEngine", "Template", "clock_functions", "compile_expression", "compile_script",
    "compile_template", "functions_at", "is_template", "plain", "script_engine", "unwrap",
]  # fmt: skip
