"""Business rule task: looks its answer up in a decision table."""

from typing import Any

from engine.elements.flow_node import FlowNode


class DecisionTask(FlowNode):
    """Writes every output of the decision under its own name, or the mapped result under one name.

    `mapDecisionResult` as in Camunda 7: singleEntry (one value), singleResult (one row), collectEntries
    (one value a row), resultList (all rows); without it, the list of all rows.
    """

    def _run_hook(self, my_task: Any) -> None:
        facts = self.extensions["decision"]
        outcome = my_task.top.decide(my_task, facts["ref"])
        if facts.get("result"):
            my_task.write({facts["result"]: _mapped(outcome, facts.get("map"))})
        else:
            my_task.write(outcome if isinstance(outcome, dict) else {facts["ref"]: outcome})


def _mapped(outcome: Any, how: str | None) -> Any:
    rows = outcome if isinstance(outcome, list) else [outcome]
    if how == "singleEntry":
        return _entry(rows[0]) if rows else None
    if how == "singleResult":
        return rows[0] if rows else None
    if how == "collectEntries":
        return [_entry(row) for row in rows]
    return rows


def _entry(row: Any) -> Any:
    """The first output of a row; an aggregate is its own value."""
    return next(iter(row.values()), None) if isinstance(row, dict) else row
