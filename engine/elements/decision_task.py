"""Business rule task: looks its answer up in a decision table."""

from typing import Any

from engine.elements.flow_node import FlowNode


class DecisionTask(FlowNode):
    """Writes every output of the decision under its own name, or the mapped result under one name.

    `mapDecisionResult` as in Camunda 7: singleEntry, singleResult, collectEntries or resultList, which is
    also what holds without it.
    """

    def _run_hook(self, my_task: Any) -> None:
        facts = self.extensions["decision"]
        if facts.get("result"):
            how = facts.get("map") or "resultList"
            my_task.write({facts["result"]: my_task.top.decide(my_task, facts["ref"], how)})
        else:
            my_task.write(my_task.top.decide(my_task, facts["ref"]))
