"""SpiffWorkflow's script engine, replaced by ours: nothing in a diagram ever reaches Python's eval."""

from collections import ChainMap
from collections.abc import Iterable, Mapping

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment

from engine.diagram.expressions.compiled import compile_expression, compile_script
from engine.diagram.expressions.functions import Function


class ScriptEnvironment(TaskDataEnvironment):  # type: ignore[misc]
    """Evaluates with known names that are not set yet reading as null, and with time passed in."""

    def __init__(
        self, known_names: Iterable[str] = (), functions: Mapping[str, Function] | None = None
    ) -> None:
        super().__init__()
        self.unset: dict[str, object] = dict.fromkeys(known_names)
        self.functions = dict(functions or {})

    def evaluate(
        self, expression: str, context: dict[str, object], external_context: dict[str, object] | None = None
    ) -> object:
        """The value of an expression over a task's data; raises ExpressionError."""
        names = ChainMap(context, external_context or {}, self.unset)
        return compile_expression(expression).evaluate(names, self.functions)

    def execute(
        self, script: str, context: dict[str, object], external_context: dict[str, object] | None = None
    ) -> bool:
        """Run a script on a task's data, all or nothing; raises ExpressionError."""
        names = ChainMap(context, external_context or {}, self.unset)
        context.update(compile_script(script).changes(names, self.functions))
        return True

    def call_service(self, context: dict[str, object], **_: object) -> None:
        """Nothing outside the engine is ever called from a diagram."""
        raise NotImplementedError("diagrams call no services")


class ScriptEngine(PythonScriptEngine):  # type: ignore[misc]
    """Hands our errors on as they are, instead of wrapping and rewriting them."""

    environment: ScriptEnvironment

    def validate(self, expression: str) -> None:
        """Compile only; raises ExpressionError."""
        compile_expression(expression)

    def evaluate(
        self, task: object, expression: str, external_context: dict[str, object] | None = None
    ) -> object:
        """Evaluate over a task's data; raises ExpressionError."""
        return self.environment.evaluate(expression, task.data, external_context)  # type: ignore[attr-defined]

    def execute(self, task: object, script: str, external_context: dict[str, object] | None = None) -> bool:
        """Execute on a task's data; raises ExpressionError."""
        return self.environment.execute(script, task.data, external_context)  # type: ignore[attr-defined]


def script_engine(
    known_names: Iterable[str] = (), functions: Mapping[str, Function] | None = None
) -> ScriptEngine:
    """The script engine of one step: `known_names` are null until set; `functions`: see `functions_at`."""
    return ScriptEngine(ScriptEnvironment(known_names, functions))
