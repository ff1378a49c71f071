"""Messages: who gets one, and which."""

import pytest

from engine.errors import NobodyWaits
from tests.engine.drawing import (
    MESSAGE,
    catch,
    ends,
    gateways,
    script,
    tasks,
    throw,
    timer,
)
from tests.engine.driving import running

READ = script("read", "seen = [a, b, c, d]")


def test_a_message_reaches_the_one_that_correlates() -> None:
    """The first message sets the instance's key; a later one with another key is refused and changes
    nothing."""
    nodes = catch("m1", MESSAGE) + tasks("A") + catch("m2", MESSAGE) + READ + tasks("Z") + ends("e")
    run = running(nodes, "s > m1; m1 > A; A > m2; m2 > read; read > Z; Z > e")
    run.deliver("hello", {"key": 7, "a": 1, "unread": "x"})
    run.do("A")
    with pytest.raises(NobodyWaits, match="hello"):
        run.deliver("hello", {"key": 8})
    with pytest.raises(NobodyWaits):
        run.deliver("hello", {"key": 7}, a=2)
    run.deliver("hello", {"key": 7, "b": 2}, a=1)
    assert run.data("Z") == {"key": 7, "a": 1, "b": 2}


def test_a_message_goes_to_one_receiver_only() -> None:
    """Of several that wait, the one that waited longest gets it."""
    nodes = (
        gateways("parallel", "F") + catch("m1", MESSAGE) + catch("m2", MESSAGE) + tasks("A B") + ends("e f")
    )
    run = running(nodes, "s > F; F > m1; F > m2; m1 > A; m2 > B; A > e; B > f")
    run.deliver("hello", {"key": 1})
    assert run.open() == ["A"]


def test_a_sent_message_that_nobody_awaits_leaves_the_instance() -> None:
    """The step hands it out with its correlation keys; what to do with it is not the engine's business."""
    run = running(tasks("A") + throw("tell", MESSAGE) + ends("e"), "s > A; A > tell; tell > e", key=3)
    step = run.do("A")
    assert [(sent.name, sent.correlations) for sent in step.sent] == [("hello", {"ck": {"cp": 3}})]


def test_an_event_gateway_takes_the_first_event() -> None:
    """The other events are no longer waited for."""
    nodes = gateways("eventBased", "G") + catch("m", MESSAGE) + catch("t", timer("timeDuration", "PT1H"))
    nodes += tasks("A B") + ends("e f")
    flows = "s > G; G > m; G > t; m > A; t > B; A > e; B > f"
    run = running(nodes, flows)
    run.wait(hours=2)
    assert run.open() == ["B"]
    with pytest.raises(NobodyWaits):
        run.deliver("hello", {"key": 1})
    other = running(nodes, flows)
    other.deliver("hello", {"key": 1})
    assert other.open() == ["A"]
    assert other.step.next_due is None
