"""Stored states of earlier versions still load and run: an upgrade must not break running instances.

`golden.json` holds instances as rows, frozen in the middle. It is written once (`python -m
tests.engine.test_golden`) and only ever added to: a change that cannot load it needs a migration of stored
instances, not a new file.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.diagram.bundle import compile_bundle
from engine.execution import workflow
from tests.engine.driving import NOON, Frozen
from tests.engine.shapes import SHAPES

GOLDEN = Path(__file__).with_name("golden.json")
BEGUN = {  # what has happened before the state was frozen: elements that were completed, hours that passed
    "parallel_in_loop": "A B C A",
    "inclusive": "A",
    "multi_sequential": "U",
    "multi_call_parallel": "L",
    "nested_calls": "A M",
    "reminders_in_loop": "+1 +1 A +1",
    "boundary_escalation": "A",
    "event_gateway": "A",
    "terminate": "B",
}


def frozen(shape: str) -> dict[str, Any]:
    """A state to be stored."""
    run = Frozen(compile_bundle(SHAPES[shape].files, "p"), SHAPES[shape].start)
    for word in BEGUN[shape].split():
        if word.startswith("+"):
            run.wait(hours=int(word))
        else:
            run.do(word, a=1, b=2, again=True)
    rows = [{**row, "changed_at": row["changed_at"].isoformat()} for row in run.live.rows]
    return {"rows": rows, "body": run.body, "open": run.open(), "now": run.now.isoformat()}


@pytest.mark.parametrize("shape", BEGUN)
def test_a_stored_instance_loads_and_runs_to_its_end(shape: str) -> None:
    """The same tasks are open as when it was stored, and completing what opens brings it to its end."""
    state = json.loads(GOLDEN.read_text("utf-8"))[shape]
    rows = [{**row, "changed_at": datetime.fromisoformat(row["changed_at"])} for row in state["rows"]]
    run = Frozen(compile_bundle(SHAPES[shape].files, "p"), SHAPES[shape].start)
    run.rows, run.body = {row["id"]: row for row in rows}, state["body"]
    run.now = datetime.fromisoformat(state["now"])
    assert run.open() == state["open"]
    run.keep(workflow.advance(run.bundle, run.live, run.now))
    for _ in range(30):
        if run.step.ended:
            break
        if run.open():
            run.do(run.open()[0], again=False, stop=True)
        else:
            run.wait(hours=2)
    assert run.step.ended


if __name__ == "__main__":
    known = json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.exists() else {}
    added = {shape: frozen(shape) for shape in BEGUN if shape not in known}
    GOLDEN.write_text(json.dumps(known | added, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(added)} states added at {NOON:%Y-%m-%d}")
