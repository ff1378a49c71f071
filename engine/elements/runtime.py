"""What an element may ask of the instance it runs in; `engine.execution` provides it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol


class Runtime(Protocol):
    """The running instance as its elements see it. Time is whatever the caller passed in, never the wall
    clock."""

    now: datetime
    zone: tzinfo
    running: Any

    def next_number(self) -> int:
        """The next number of this instance's own count; orders tasks and state changes."""

    def enqueue(self, task: Any) -> None:
        """Runs `task` in this step, after what is already queued."""

    def note(self, kind: str, task: Any) -> None:
        """Adds a line to the trace of this step."""

    def evaluate(self, task: Any, source: str, names: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over the task's data, or over `names` instead."""

    def evaluate_timer(self, task: Any, source: str) -> tuple[Any, list[str]]:
        """The value of a timer's expression and the clocks that it read; null if all of those have
        stopped."""

    def execute(self, task: Any, source: str) -> None:
        """Runs a script over the task's data."""

    def fill(self, task: Any, parameter: Mapping[str, Any]) -> Any:
        """The value of an input or output parameter (template, list, map or script)."""

    def decide(self, task: Any, decision_id: str, how: str = "") -> Any:
        """What a decision table says over the task's data: its outputs by name, or mapped as `how` says."""

    def kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of `values` only what the diagram reads, and therefore a token carries."""

    def plain(self, value: Any) -> Any:
        """A copy of `value` that JSON can store."""

    def open_inside(self, task: Any) -> Any:
        """Creates the inside of a subprocess or call activity and returns its scope."""

    def inside(self, task: Any) -> Any:
        """The inside of a subprocess or call activity, or None."""

    def waiting_events(self) -> Iterable[Any]:
        """Every task that waits for an event, oldest first."""

    def send(self, task: Any, message: Any) -> None:
        """A message that nobody in this instance waits for leaves the instance."""

    def clash(self, task: Any, names: list[str]) -> None:
        """Two branches changed the same names differently before they joined at `task`."""
