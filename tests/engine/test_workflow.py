"""The verbs of execution: start, complete, cancel; what the trace tells and what people get."""

from datetime import UTC, datetime, timedelta

import pytest
from SpiffWorkflow import TaskState

from engine.elements import SPEC_CLASSES
from engine.elements.flow_node import FlowNode
from engine.errors import BadTimer, ElementFailed, EndlessRun, NoWayOut, TaskNotOpen
from engine.execution import workflow
from engine.execution.live_set import thaw
from tests.engine.drawing import (
    TERMINATE,
    boundary,
    catch,
    element,
    ends,
    gateways,
    script,
    subprocess,
    tasks,
    timer,
)
from tests.engine.driving import NOON, Frozen, running

READ = script("read", "seen = [a, b, c, d]")


def line(*names: str) -> Frozen:
    """User tasks one after the other."""
    flows = ";".join(f"{a} > {b}" for a, b in zip(("s", *names), (*names, "e"), strict=True))
    return running(tasks(" ".join(names)) + ends("e"), flows)


def test_only_ready_tasks_can_be_completed() -> None:
    """A finished task, one that has not come yet, or an unknown one is refused; nothing changes."""
    run = line("A", "B")
    first = run.tasks()[0][1]
    run.do("A")
    before = run.live
    for wrong in (first, "00000000-0000-0000-0000-000000000000", run.live.rows[0]["id"]):
        with pytest.raises(TaskNotOpen):
            run.complete(wrong)
    assert run.live == before


def test_a_token_carries_only_what_the_diagram_reads() -> None:
    """Other submitted values, and names that could mean something to a serializer, never reach the rows."""
    run = running(tasks("A B") + ends("e") + READ, "s > A; A > B; B > read; read > e")
    run.do("A", a=1, phone="not for rows", typename="datetime", _x=1)
    assert run.data("B") == {"a": 1}
    assert "not for rows" not in str(run.rows)


def test_the_trace_tells_the_way_of_the_token() -> None:
    """Each element is entered from its source and completed, in order; splits before boundary events do
    not show."""
    nodes = tasks("A B") + boundary("late", "B", timer("timeDuration", "PT1H")) + ends("e f")
    run = running(nodes, "s > A; A > B; B > e; late > f")
    step = run.do("A")
    assert [(e.kind, e.element_id, e.source) for e in step.trace] == [
        ("completed", "A", None),
        ("entered", "B", "A"),
    ]
    step = run.wait(hours=1)
    assert [(e.kind, e.element_id, e.source) for e in step.trace] == [
        ("cancelled", "B", None),
        ("completed", "late", None),
        ("entered", "f", "late"),
        ("completed", "f", None),
    ]
    assert (step.ended, step.outcome) == (True, "f")


def test_a_terminate_end_ends_everything_and_keeps_what_had_ended() -> None:
    """Open tasks are closed; the outcome is the terminate end; branches that ended before have their say
    in the data."""
    inner = tasks("A B C") + gateways("parallel", "F") + ends("se") + ends("te", TERMINATE)
    nodes = subprocess("S", inner, "s_S > F; F > A; F > B; F > C; A > te; B > se; C > se") + READ + tasks("Z")
    run = running(nodes + ends("all", TERMINATE), "s > S; S > read; read > Z; Z > all", a=0)
    run.do("B", b=2)
    step = run.do("A", a=1)
    assert run.open() == ["Z"]
    assert len(step.closed) == 1
    assert run.data("Z") == {"a": 1, "b": 2}
    assert run.do("Z").outcome == "all"


def test_the_outcome_is_the_end_event_that_came_last() -> None:
    """A process with several ends is over when no token is left, and the last one names the outcome."""
    run = running(tasks("A B") + gateways("parallel", "F") + ends("x y"), "s > F; F > A; F > B; A > x; B > y")
    assert not run.do("B").ended
    assert run.do("A").outcome == "x"


def test_a_fault_names_its_element_in_both_languages() -> None:
    """A condition over nothing, a gateway without a way out, a bad timer: the element is named, the step
    refused."""
    nodes = tasks("A") + gateways("exclusive", "X") + ends("e f")
    run = running(nodes, "s > A; A > X; X > e : a > 1; X > f : b")
    with pytest.raises(ElementFailed, match=r"X.*a is null") as failed:
        run.do("A")
    assert "X" in failed.value.message("zh")
    with pytest.raises(NoWayOut, match="X"):
        run.do("A", a=0, b=False)
    assert run.open() == ["A"]
    with pytest.raises(BadTimer, match="soon"):
        running(catch("w", timer("timeDate", "${'soon'}")) + ends("e"), "s > w; w > e")


def test_an_endless_run_is_refused() -> None:
    """A loop without any wait does not hang the engine, and 3,000 turns of one that ends are no problem."""
    count = script("n", "a = (a or 0) + 1")
    nodes = count + gateways("exclusive", "M X") + ends("e")
    flows = "s > M; M > n; n > X; X > M : %s; X >> e"
    with pytest.raises(EndlessRun, match="circles"):
        running(nodes, flows % "a > 0")
    assert running(nodes, flows % "3000 - a > 0").step.ended


def test_cancelling_closes_everything() -> None:
    """All open tasks are closed; there is no outcome."""
    nodes = (
        tasks("A") + gateways("parallel", "F") + subprocess("S", tasks("B") + ends("se"), "s_S > B; B > se")
    )
    run = running(nodes + ends("e f"), "s > F; F > A; F > S; A > e; S > f")
    step = run.keep(workflow.cancel(run.bundle, run.live, NOON))
    assert len(step.closed) == 2
    assert (step.ended, step.outcome, step.next_due) == (False, None, None)
    assert not any(row["live"] for row in run.rows.values())


def test_templates_are_evaluated_when_the_task_opens() -> None:
    """Assignee, groups, due time, follow-up and priority of a task, from variables and from the time
    passed in."""
    attributes = (
        'camunda:assignee="${a}" camunda:candidateGroups="qa, ${b}" camunda:candidateUsers="${c}" '
        'camunda:dueDate="PT48H" camunda:followUpDate="${now() + hours(1)}" camunda:priority="${d or 70}"'
    )
    run = running(
        element("userTask", "A", "", "", attributes) + ends("e"),
        "s > A; A > e",
        a="li",
        b="cs,hq",
        c=["x", "y"],
    )
    item = run.step.opened[0]
    assert (item.assignee, item.candidate_groups, item.candidate_users) == (
        "li",
        ("qa", "cs", "hq"),
        ("x", "y"),
    )
    assert (item.due, item.follow_up) == (NOON + timedelta(hours=48), NOON + timedelta(hours=1))
    assert item.priority == 70


def test_a_due_date_means_its_end() -> None:
    """A task due on a day is due at the end of that day in China."""
    nodes = element("userTask", "A", "", "", 'camunda:dueDate="${a}"') + ends("e")
    run = running(nodes, "s > A; A > e", a="2026-11-25")
    assert run.step.opened[0].due == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)


def test_manual_and_undefined_tasks_are_passed() -> None:
    """The engine has nothing to do in them."""
    run = running(
        element("task", "t") + element("manualTask", "m") + tasks("A") + ends("e"),
        "s > t; t > m; m > A; A > e",
    )
    assert run.open() == ["A"]


def test_every_element_uses_our_life_cycle() -> None:
    """No element falls back to SpiffWorkflow's prediction, counting joins or clocks."""
    elements = [spec for name, spec in SPEC_CLASSES.items() if name not in ("process", "boundaryJoin")]
    assert all(
        issubclass(spec, FlowNode) or spec.__name__.endswith(("Definition", "Timer")) for spec in elements
    )


def test_a_refused_run_leaves_no_trace_in_the_rows() -> None:
    """Rows are plain values: a step that fails half way has changed none of them."""
    run = running(tasks("A") + script("bad", "a = b + 1") + ends("e"), "s > A; A > bad; bad > e")
    rows = [dict(row) for row in run.live.rows]
    with pytest.raises(ElementFailed):
        run.do("A", a=1)
    assert [dict(row) for row in run.live.rows] == rows
    assert [t.state for t in thaw(run.bundle, run.live, run.now).tasks.values()][-1] == TaskState.READY
