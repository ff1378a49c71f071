"""Baseline (a): the loop that SpiffWorkflow's documentation teaches.

Load the JSON from SQLite, deserialise, complete the ready user task, let the engine go on, serialise, save,
commit. No task list, no history, nobody asked who may do it. It is written without any layer in between: the
driver's own statements, one connection. SQLite is as safe as ours (synchronous=FULL), with our journal (WAL),
which flatters the loop, or with the one that SQLite has by itself (`as_it_comes`)."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from tests.bench.measure import milliseconds
from tests.bench.sqlite_file import AS_IT_COMES, open_file
from tests.bench.stock_diagrams import stock_diagrams


class PlainLoop:
    """Workflows of one process in a SQLite file."""

    def __init__(self, file: Path, regulation: Mapping[str, bytes], process_id: str = "p") -> None:
        parser = BpmnParser()
        for name, diagram in stock_diagrams(regulation).items():
            parser.add_bpmn_xml(diagram, filename=name)
        self._spec = parser.get_spec(process_id)
        self._called = parser.get_subprocess_specs(process_id)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self._file: sqlite3.Connection = open_file(file)
        self._file.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")

    def start(self, data: Mapping[str, object]) -> int:
        """Starts a workflow with data and runs it to its first wait."""
        return self.keep(self.begun(data))

    def begun(self, data: Mapping[str, object]) -> BpmnWorkflow:
        """A workflow in memory at its first wait."""
        workflow = BpmnWorkflow(self._spec, self._called)
        workflow.task_tree.set_data(**data)
        workflow.do_engine_steps()
        return workflow

    def keep(self, workflow: BpmnWorkflow) -> int:
        """Saves a new workflow; its number."""
        state = self._serializer.serialize_json(workflow)
        number = self._file.execute("INSERT INTO workflow (state) VALUES (?)", (state,)).lastrowid
        assert number is not None
        return number

    def complete(self, number: int, element: str, values: Mapping[str, object]) -> None:
        """What is measured: one completion, from loading to the commit."""
        (state,) = self._file.execute("SELECT state FROM workflow WHERE id = ?", (number,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        finish(workflow, element, values)
        state = self._serializer.serialize_json(workflow)
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute("UPDATE workflow SET state = ? WHERE id = ?", (state, number))
        self._file.execute("COMMIT")

    def step(self, number: int, element: str, values: Mapping[str, object]) -> float:
        """Milliseconds of one completion."""
        return milliseconds(lambda: self.complete(number, element, values))

    def as_it_comes(self) -> None:
        """From now on with SQLite's own journal, as in the documentation, which sets none."""
        self._file.execute(AS_IT_COMES)

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()


def finish(workflow: BpmnWorkflow, element: str, values: Mapping[str, object]) -> None:
    """Completes the first ready task of an element in memory and goes on to the next wait."""
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    task = next(task for task in ready if task.task_spec.bpmn_id == element)
    task.set_data(**values)
    task.run()
    workflow.do_engine_steps()
    workflow.refresh_waiting_tasks()
