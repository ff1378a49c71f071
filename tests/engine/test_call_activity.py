"""Call activities and embedded subprocesses: what goes in, what comes out, what is caught."""

import pytest

from engine.diagram.bundle import compile_bundle
from engine.errors import UncaughtError
from tests.engine.drawing import (
    ERROR,
    ESCALATION,
    MESSAGES,
    boundary,
    bpmn,
    call,
    element,
    ends,
    gateways,
    passed,
    script,
    subprocess,
    tasks,
    throw,
)
from tests.engine.driving import Frozen

READ = script("read", "seen = [a, b, c, d, item]")
LEAF = bpmn("leaf", tasks("L") + ends("le"), "s > L; L > le")


def calling(mappings: str, leaf: bytes = LEAF, **start: object) -> Frozen:
    """s → U (calls leaf) → read → Z → e."""
    source = bpmn(
        "p", call("U", "leaf", mappings) + READ + tasks("Z") + ends("e"), "s > U; U > read; read > Z; Z > e"
    )
    return Frozen(compile_bundle({"p.bpmn": source, "leaf.bpmn": leaf}, "p"), start)


def test_without_mappings_nothing_goes_in_or_out() -> None:
    """As in Camunda 7: a call activity without camunda:in passes nothing, without camunda:out gets
    nothing."""
    run = calling("", a=1, b=2)
    assert run.data("L") == {}
    run.do("L", a=5, c=6)
    assert run.data("Z") == {"a": 1, "b": 2}


def test_mappings_rename_and_compute() -> None:
    """source → target, sourceExpression → target, in both directions; a name that is not set passes null."""
    mappings = passed("a b=a c=d", "a=b")
    mappings += '<camunda:in sourceExpression="${a * 10}" target="d"/>'
    mappings += '<camunda:out sourceExpression="${d + 1}" target="c"/>'
    run = calling(mappings, a=4)
    assert run.data("L") == {"a": 4, "b": 4, "c": None, "d": 40}
    run.do("L", b=7)
    assert run.data("Z") == {"a": 7, "c": 41}


def test_all_variables_pass() -> None:
    """variables="all" passes whatever there is."""
    run = calling('<camunda:in variables="all"/><camunda:out variables="all"/>', a=1, b=2)
    assert run.data("L") == {"a": 1, "b": 2}
    run.do("L", c=3)
    assert run.data("Z") == {"a": 1, "b": 2, "c": 3}


def test_parameters_exist_only_inside_the_activity() -> None:
    """camunda:inputParameter hides an outer variable until the activity is left; outputParameter sets an
    outer one."""
    parameters = (
        '<camunda:inputOutput><camunda:inputParameter name="a">${a + 1}</camunda:inputParameter>'
        '<camunda:inputParameter name="d">${a}</camunda:inputParameter>'
        '<camunda:outputParameter name="b">${a * 100}</camunda:outputParameter></camunda:inputOutput>'
    )
    nodes = element("userTask", "U", "", parameters) + READ + tasks("Z") + ends("e")
    run = Frozen(
        compile_bundle({"p.bpmn": bpmn("p", nodes, "s > U; U > read; read > Z; Z > e")}, "p"), {"a": 1}
    )
    assert run.data("U") == {"a": 2, "d": 2}
    run.do("U")
    assert run.data("Z") == {"a": 1, "b": 200}


def test_an_embedded_subprocess_shares_its_surroundings() -> None:
    """It sees every variable around it, and what it changes stays changed."""
    nodes = subprocess("S", tasks("A") + ends("se"), "s_S > A; A > se") + READ + tasks("Z") + ends("e")
    run = Frozen(
        compile_bundle({"p.bpmn": bpmn("p", nodes, "s > S; S > read; read > Z; Z > e")}, "p"),
        {"a": 1, "b": 2},
    )
    assert run.data("A") == {"a": 1, "b": 2}
    run.do("A", a=9)
    assert run.data("Z") == {"a": 9, "b": 2}


def test_an_error_rises_through_called_processes() -> None:
    """An error end event three levels down takes every level in between away and goes on at the catching
    event."""
    leaf = bpmn(
        "leaf",
        tasks("L K") + gateways("parallel", "F") + ends("le") + ends("bad", ERROR),
        "s > F; F > L; F > K; L > bad; K > le",
        MESSAGES,
    )
    middle = bpmn("middle", tasks("M") + call("C", "leaf", "") + ends("me"), "s > C; C > M; M > me")
    nodes = call("U", "middle", "") + boundary("caught", "U", ERROR) + tasks("H Z") + ends("e f")
    source = bpmn("p", nodes, "s > U; U > Z; Z > e; caught > H; H > f", MESSAGES)
    files = {"p.bpmn": source, "middle.bpmn": middle, "leaf.bpmn": leaf}
    run = Frozen(compile_bundle(files, "p"), {})
    step = run.do("L")
    assert run.open() == ["H"]
    assert len(step.closed) == 1
    run.do("H")
    assert run.step.outcome == "f"


def test_an_error_goes_to_the_event_with_its_code() -> None:
    """A boundary event with the very code comes before one that catches everything; the code becomes a
    variable."""
    worse = '<bpmn:errorEventDefinition errorRef="Err2"/>'
    every = '<bpmn:errorEventDefinition camunda:errorCodeVariable="a" camunda:errorMessageVariable="b"/>'
    inner = tasks("A") + gateways("exclusive", "Y") + ends("one", ERROR) + ends("two", worse)
    nodes = (
        subprocess("S", inner, "s_S > A; A > Y; Y > one : c; Y >> two")
        + (boundary("any", "S", every) + boundary("exact", "S", worse) + READ)
        + (tasks("H Z") + ends("e f g"))
    )
    source = bpmn("p", nodes, "s > S; S > e; any > read; read > H; H > f; exact > Z; Z > g", MESSAGES)
    for value, opened in ((True, "H"), (False, "Z")):
        run = Frozen(compile_bundle({"p.bpmn": source}, "p"), {})
        run.do("A", c=value)
        assert run.open() == [opened]
        if value:
            assert (run.data("H")["a"], run.data("H")["b"]) == ("E1", "bad")


def test_an_uncaught_error_is_refused() -> None:
    """Nothing catches it: the step is refused and the instance stays as it was, it does not go on as if
    all were well."""
    leaf = bpmn("leaf", tasks("L") + ends("bad", ERROR), "s > L; L > bad", MESSAGES)
    run = calling("", leaf)
    with pytest.raises(UncaughtError, match="E1"):
        run.do("L")
    assert run.open() == ["L"]


def test_an_escalation_that_does_not_interrupt_adds_a_branch() -> None:
    """The subprocess goes on, each escalation opens a branch of its own, and with what the subprocess
    knows."""
    inner = tasks("A B") + throw("up", ESCALATION) + gateways("exclusive", "Y M") + ends("se")
    nodes = (
        subprocess("S", inner, "s_S > M; M > A; A > up; up > Y; Y > M : b; Y >> B; B > se")
        + boundary("told", "S", ESCALATION, False)
        + READ
        + tasks("H")
        + ends("e f")
    )
    run = Frozen(
        compile_bundle(
            {"p.bpmn": bpmn("p", nodes, "s > S; S > e; told > read; read > H; H > f", MESSAGES)}, "p"
        ),
        {},
    )
    run.do("A", a=1, b=True)
    assert run.open() == ["A", "H"]
    assert run.data("H")["a"] == 1
    run.do("A", a=2, b=False)
    assert run.open() == ["B", "H", "H"]


def test_an_escalation_that_interrupts_stops_the_throwing_branch() -> None:
    """Thrown from inside its own scope, it takes that scope away at once; nothing runs on in there."""
    inner = tasks("A B") + throw("up", ESCALATION) + script("after", "a = 1") + ends("se")
    nodes = (
        subprocess("S", inner, "s_S > A; A > up; up > after; after > B; B > se") + tasks("H") + ends("e f")
    )
    nodes += boundary("stop_it", "S", ESCALATION)
    run = Frozen(
        compile_bundle({"p.bpmn": bpmn("p", nodes, "s > S; S > e; stop_it > H; H > f", MESSAGES)}, "p"), {}
    )
    step = run.do("A")
    assert run.open() == ["H"]
    assert "after" not in [event.element_id for event in step.trace]


def test_an_uncaught_escalation_is_no_fault() -> None:
    """Nobody has to listen: the token goes on."""
    nodes = tasks("A B") + throw("up", ESCALATION) + ends("e")
    run = Frozen(
        compile_bundle({"p.bpmn": bpmn("p", nodes, "s > A; A > up; up > B; B > e", MESSAGES)}, "p"), {}
    )
    run.do("A")
    assert run.open() == ["B"]
