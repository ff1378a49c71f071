"""Signals of programs: who waits hears them, at events in the way, at boundaries, behind gateways."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

import engine
from engine.errors import KeyUsedDifferently, NotAllowed
from engine.storage.models import Incident, Job
from tests.drive import House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, extended, field, task
from tests.engine.test_correlation import NAMED, event
from tests.engine.timed import boundary, wait

Furnish = Callable[..., House]
BELL = '<signal id="S" name="bell"/>'
RUNG = '<signalEventDefinition signalRef="S"/>'

CATCHING = {
    "p.bpmn": diagram(
        START
        + node("intermediateCatchEvent", "SC", extended(sets="loud") + RUNG, name="已响铃")
        + node("exclusiveGateway", "XG", name="响亮？", default="XG_EE_done")
        + task("UT_do") + END + node("endEvent", "EE_loud", name="已处理")
        + flow("SE", "SC") + flow("SC", "XG") + flow("XG", "UT_do", "${loud == '是'}") + flow("XG", "EE_done")
        + flow("UT_do", "EE_loud"),
        more=BELL,
    )
}  # fmt: skip
"""A case waits for a signal, and reads what it brought."""

AROUND = {
    "p.bpmn": diagram(
        START + task("UT_do", field("note")) + boundary("SB", "UT_do", RUNG, interrupts=True)
        + node("eventBasedGateway", "EG") + node("intermediateCatchEvent", "SC", RUNG, name="又响铃")
        + node("intermediateCatchEvent", "ME", event("M_reply"), name="已答复") + END
        + node("endEvent", "EE_rung", name="已响两次") + node("endEvent", "EE_told", name="已告知")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("SB", "EG") + flow("EG", "SC")
        + flow("EG", "ME") + flow("SC", "EE_rung") + flow("ME", "EE_told"),
        more=BELL + NAMED,
    )
}  # fmt: skip
"""A signal takes a task away; a second one, or a message, ends the case."""


def ring(home: House, as_: str = "owner", name: str = "bell", **facts: object) -> engine.SignalSent:
    """Sends a signal in a transaction of its own."""
    with engine.transaction(home.session):
        return engine.send_signal(
            home.session, name, home.actor(as_), now=home.clock.now, **facts  # type: ignore[arg-type]
        )


def test_every_case_that_waits_hears_it_with_its_values(house: Furnish) -> None:
    home = house(CATCHING)
    first, second = home.start("p", gist="x"), home.start("p", gist="y")
    assert ring(home, payload={"loud": "是", "unknown": 1}).cases == 2
    wait(home, seconds=0)
    assert first.open_tasks() == second.open_tasks() == ["UT_do"]
    assert [e.kind for e in first.view().history] == ["started", "signal"]
    assert first.view().history[-1].text.zh == "收到信号“bell”"
    assert engine.verify_chains(home.session) == []


def test_it_takes_a_task_away_and_reaches_behind_an_event_based_gateway(house: Furnish) -> None:
    home = house(AROUND)
    case = home.start("p", gist="x")
    ring(home)
    wait(home, seconds=0)
    assert case.open_tasks() == []
    assert ring(home).cases == 1
    wait(home, seconds=0)
    assert case.ended_at == "已响两次"


def test_one_case_may_be_meant(house: Furnish) -> None:
    home = house(CATCHING)
    first, second = home.start("p", gist="x"), home.start("p", gist="y")
    assert ring(home, instance_id=second.id).cases == 1
    wait(home, seconds=0)
    assert (first.ended_at, second.ended_at) == (None, "已完成")


def test_who_does_not_wait_hears_nothing(house: Furnish) -> None:
    """Nobody need wait: a signal of another name is no fault, and one that comes late is forgotten."""
    home = house(CATCHING)
    case = home.start("p", gist="x")
    assert ring(home, name="gong").cases == 0
    assert [ring(home).cases, ring(home).cases] == [1, 1]
    wait(home, seconds=0)
    assert case.ended_at == "已完成"
    jobs = home.session.scalars(select(Job).where(Job.kind == "signal"))
    assert [job.state for job in jobs] == ["done"] * 2
    assert home.session.scalars(select(Incident)).all() == []


def test_what_it_carried_is_kept_no_longer_than_needed(house: Furnish) -> None:
    home = house(CATCHING)
    home.start("p", gist="x")
    ring(home, payload={"loud": "13800000000"})
    wait(home, seconds=0)
    assert [job.payload for job in home.session.scalars(select(Job).where(Job.kind == "signal"))] == [{}]


def test_the_same_key_sends_it_once(house: Furnish) -> None:
    home = house(CATCHING)
    home.start("p", gist="x")
    first = ring(home, idempotency_key="k")
    assert ring(home, idempotency_key="k") == first
    with pytest.raises(KeyUsedDifferently):
        ring(home, idempotency_key="k", payload={"loud": "是"})
    assert len(home.session.scalars(select(Job).where(Job.kind == "signal")).all()) == 1


def test_staff_send_none(house: Furnish) -> None:
    home = house(CATCHING)
    with pytest.raises(NotAllowed):
        ring(home, as_="cs")
