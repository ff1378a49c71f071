"""Messages between cases, and from outside: to whoever waits, or to the process that they start."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine.commands.worker import run_due
from engine.errors import KeyUsedDifferently, NotAllowed
from engine.storage.models import Incident, Message, MessageWait
from tests.drive import Clock, House, actor, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, ONE, START, extended, field, task
from tests.engine.timed import wait

Furnish = Callable[..., House]
NAMED = '<message id="M_reply" name="reply"/><message id="M_go" name="go"/>'


def event(message: str) -> str:
    """A message event definition."""
    return f'<messageEventDefinition messageRef="{message}"/>'


WAITING = {
    "p.bpmn": diagram(
        START
        + node("intermediateCatchEvent", "ME", extended(sets="answer") + event("M_reply"), name="已答复")
        + node("exclusiveGateway", "XG_more", name="继续？", default="XG_more_EE_done")
        + task("UT_do") + END + node("endEvent", "EE_more", name="已继续")
        + flow("SE", "ME") + flow("ME", "XG_more") + flow("XG_more", "UT_do", "${answer == '是'}")
        + flow("XG_more", "EE_done") + flow("UT_do", "EE_more"),
        more=NAMED,
    )
}  # fmt: skip
"""A case waits for an answer."""

CHAINED = {
    "s.bpmn": diagram(
        node("startEvent", "SE", extended(field("answer", required=True)))
        + node("intermediateThrowEvent", "MT_go", extended(payload="answer") + event("M_go"), name="已发出")
        + END + flow("SE", "MT_go") + flow("MT_go", "EE_done"),
        process_id="s", more=NAMED,
    ),
    "r.bpmn": diagram(
        node("startEvent", "SE_go", extended(sets="answer") + event("M_go"), name="已收到")
        + node("exclusiveGateway", "XG_yes", name="是？", default="XG_yes_EE_done")
        + task("UT_take") + END + node("endEvent", "EE_taken", name="已接收")
        + flow("SE_go", "XG_yes") + flow("XG_yes", "EE_done") + flow("XG_yes", "UT_take", "${answer == '是'}")
        + flow("UT_take", "EE_taken"),
        process_id="r", more=NAMED,
    ),
}  # fmt: skip
"""One process sends what another one starts with."""


def send(home: House, name: str, as_: str = "owner", **facts: object) -> engine.MessageSent:
    """Sends a message in a transaction of its own."""
    with engine.transaction(home.session):
        return engine.correlate_message(
            home.session, name, home.actor(as_), now=home.clock.now, **facts  # type: ignore[arg-type]
        )


def test_a_message_reaches_the_case_that_waits_for_it(house: Furnish) -> None:
    """It brings its values, and the case goes on in the same transaction."""
    home = house(WAITING)
    case = home.start("p", gist="x")
    sent = send(home, "reply", payload={"answer": "是", "unknown": 1})
    assert (sent.state, sent.instance_id) == ("delivered", case.id)
    assert case.open_tasks() == ["UT_do"]
    assert [e.kind for e in case.view().history] == ["started", "message"]
    assert engine.verify_chains(home.session) == []


def test_of_several_cases_the_one_named_or_the_longest_waiting_gets_it(house: Furnish) -> None:
    home = house(WAITING)
    first, second, third = (home.start("p", gist=name) for name in ("甲", "乙", "丙"))
    assert send(home, "reply", business_key=second.business_key).instance_id == second.id
    assert send(home, "reply", correlation={"gist": "丙"}).instance_id == third.id
    assert send(home, "reply").instance_id == first.id


def test_the_correlation_table_holds_only_who_waits(house: Furnish) -> None:
    home = house(WAITING)
    case, other = home.start("p", gist="x"), home.start("p", gist="y")
    send(home, "reply", business_key=case.business_key)
    with engine.transaction(home.session):
        engine.cancel_instance(home.session, other.id, home.actor("cs_lead"), "误报", now=home.clock.now)
    assert home.session.scalars(select(MessageWait)).all() == []


def test_a_message_that_comes_early_is_tried_again(house: Furnish) -> None:
    home = house(WAITING)
    sent = send(home, "reply", payload={"answer": "是"})
    assert sent.state == "pending"
    wait(home, seconds=5)
    case = home.start("p", gist="x")
    wait(home, seconds=30)
    assert case.open_tasks() == ["UT_do"]


def test_a_message_that_nobody_ever_takes_is_a_dead_letter(house: Furnish) -> None:
    """It is kept, with an incident that says so."""
    home = house(WAITING)
    sent = send(home, "reply", payload={"answer": "是"})
    for _ in range(10):
        wait(home, hours=2)
    home.session.expire_all()
    message = home.session.get(Message, sent.message_id)
    assert message is not None
    assert (message.state, message.payload) == ("dead", {"answer": "是"})
    (incident,) = home.session.scalars(select(Incident))
    assert "reply" in incident.cause


def test_a_thrown_message_starts_the_process_that_begins_with_it(house: Furnish) -> None:
    """In a job of its own: sender and receiver are two cases, each with its number."""
    home = house(CHAINED)
    home.start("s", answer="是")
    assert run_due(home.session.get_bind(), now=home.clock.now) >= 1
    rows = engine.list_instances(home.session, home.actor("compliance")).items
    assert sorted(row.process_id for row in rows) == ["r", "s"]
    message = home.session.scalars(select(Message)).one()
    assert (message.state, message.payload) == ("delivered", {"answer": "是"})


def test_the_same_key_sends_a_message_once(house: Furnish) -> None:
    home = house(WAITING)
    home.start("p", gist="x"), home.start("p", gist="y")
    first = send(home, "reply", idempotency_key="k1")
    assert send(home, "reply", idempotency_key="k1") == first
    assert len(home.session.scalars(select(MessageWait)).all()) == 1
    with pytest.raises(KeyUsedDifferently):
        send(home, "go", idempotency_key="k1")


def test_the_same_key_starts_one_case_and_completes_once(house: Furnish) -> None:
    """The second call gets the first one's answer, not a refusal."""
    home = house(ONE)
    session, who, now = home.session, home.actor("cs"), home.clock.now
    started = [
        engine.start_instance(session, "p", who, {"gist": "x"}, idempotency_key="s", now=now)
        for _ in range(2)
    ]
    session.commit()
    assert started[0] == started[1]
    (task_id,) = started[0].opened
    done = [
        engine.complete_task(session, task_id, who, {}, idempotency_key="c", now=now + timedelta(n))
        for n in range(2)
    ]
    session.commit()
    assert done[0] == done[1]
    assert done[0].ended


def test_not_everybody_may_send_messages(house: Furnish) -> None:
    home = house(WAITING)
    with pytest.raises(NotAllowed):
        send(home, "reply", as_="staff")


def test_two_calls_at_once_with_one_key_start_one_case(
    each_database: Engine, clock: Clock, tmp_path: Path
) -> None:
    """The second waits for the first one's transaction and then gives its answer."""
    with Session(each_database) as session:
        sign_up(session)
        who = House(session, clock, tmp_path).deploy(ONE).actor("cs")
        session.rollback()

        def start(_: int) -> engine.Started:
            with Session(each_database) as own, engine.transaction(own):
                return engine.start_instance(
                    own, "p", who, {"gist": "x"}, idempotency_key="k", now=clock.now
                )

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(start, range(12)))
        assert len(set(answers)) == 1
        assert len(engine.list_instances(session, actor(session, "compliance")).items) == 1
