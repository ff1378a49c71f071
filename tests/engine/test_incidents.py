"""What an operator does about jobs that failed and messages that nobody took, and who may look at them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine import IncidentRow, MessageRow
from engine.commands.worker import run_due
from engine.errors import (
    AlreadyResolved,
    EngineError,
    IncidentNotFound,
    MessageNotFound,
    NotAllowed,
    ReasonRequired,
)
from engine.queries.messages import MESSAGE_STATES
from engine.storage.models import Job
from tests.drive import Case, House, contents
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, extended, field, task
from tests.engine.test_correlation import CHAINED, WAITING, send
from tests.engine.test_jobs import BROKEN
from tests.engine.timed import at, boundary, timer, wait

Furnish = Callable[..., House]
Verb = Callable[..., None]
DAY = {"hours": 24}

LATER = {
    "p.bpmn": diagram(
        node("startEvent", "SE", extended(field("gist", required=True), clock_start="confirm P9D"))
        + task("UT_do")
        + boundary("TB_bad", "UT_do", timer("<timeDuration>PT1H</timeDuration>"))
        + task("UT_bad", groups="vp", due="${date(gist)}")
        + task("UT_next", clock_stop="confirm")
        + boundary("TB_late", "UT_next", at("due('confirm')"))
        + task("UT_late", groups="vp") + END
        + node("endEvent", "EE_b", name="坏") + node("endEvent", "EE_l", name="迟")
        + flow("SE", "UT_do") + flow("UT_do", "UT_next") + flow("UT_next", "EE_done")
        + flow("TB_bad", "UT_bad") + flow("UT_bad", "EE_b") + flow("TB_late", "UT_late")
        + flow("UT_late", "EE_l")
    )
}  # fmt: skip
"""A timer that cannot run, and after it a clock that shall still end when it is due."""


def fail(home: House) -> None:
    """Time passes until whatever fails has used up its attempts."""
    for _ in range(6):
        wait(home, hours=1)


def incidents(home: House, as_: str = "it", **facts: bool) -> list[IncidentRow]:
    """The incidents that are open, or resolved."""
    return engine.list_incidents(home.session, home.actor(as_), **facts).items  # type: ignore[arg-type]


def messages(home: House, state: str = "dead", as_: str = "it") -> list[MessageRow]:
    """The messages in a state."""
    return engine.list_messages(home.session, home.actor(as_), state=state).items


def act(verb: Verb, home: House, thing: str, reason: str = "已修复", as_: str = "it") -> None:
    """An operator steps in."""
    home.session.rollback()
    with engine.transaction(home.session):
        verb(home.session, thing, home.actor(as_), reason, now=home.clock.now)


def job(session: Session) -> Job:
    """The one job there is."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Job)).one()


@pytest.fixture
def stuck(house: Furnish) -> Case:
    """A case whose timer has failed for good."""
    case = house(BROKEN).start("p", gist="不是日期")
    wait(case.house, hours=1)
    fail(case.house)
    return case


def test_an_incident_names_its_case_and_the_cause_in_both_languages(stuck: Case) -> None:
    (found,) = incidents(stuck.house)
    assert (found.kind, found.business_key, found.attempts) == ("wake", stuck.business_key, 6)
    assert "无法运行" in found.cause.zh
    assert "cannot run" in found.cause.en
    assert engine.count_operations(stuck.house.session, stuck.house.actor("it"))["incidents"] == 1


def test_an_operator_has_a_failed_job_tried_again(stuck: Case) -> None:
    """It is due at once and has all its attempts; the history says who wanted that and why."""
    home = stuck.house
    act(engine.retry_incident, home, incidents(home)[0].id)
    assert (job(home.session).state, job(home.session).attempts) == ("due", 0)
    assert job(home.session).due_at == home.clock.now
    assert incidents(home) == []
    (row,) = incidents(home, resolved=True)
    assert (row.resolution, row.reason, row.resolved_by_name) == ("retried", "已修复", "it 先生")
    told = stuck.view().history[-1]
    assert (told.kind, told.actor, told.role, told.reason) == ("incident_retried", "it", "it", "已修复")
    assert told.text.zh == "重新执行了失败的作业"
    assert engine.verify_chains(home.session) == []


def test_what_still_fails_opens_an_incident_again(stuck: Case) -> None:
    home = stuck.house
    act(engine.retry_incident, home, incidents(home)[0].id)
    fail(home)
    assert len(incidents(home)) == len(incidents(home, resolved=True)) == 1


def test_giving_up_a_timer_leaves_the_clocks_and_other_timers_of_its_case_alone(house: Furnish) -> None:
    """The timer that cannot run never fires again; what comes due later does, without anybody's step."""
    home = house(LATER)
    case = home.start("p", gist="不是日期")
    wait(home, hours=1)
    fail(home)
    act(engine.cancel_incident, home, incidents(home)[0].id)
    assert job(home.session).state == "due"
    assert (case.open_tasks(), incidents(home)) == (["UT_do"], [])
    assert wait(home, days=1) == 0
    case.complete("UT_do", "cs")
    assert case.open_tasks() == ["UT_next"]
    wait(home, days=5)
    wait(home, days=3)
    assert case.open_tasks() == ["UT_late", "UT_next"]
    assert engine.verify_chains(home.session) == []


def test_a_job_that_a_step_has_set_anew_is_left_alone(stuck: Case) -> None:
    """Somebody completed the task meanwhile: the job is done with, the incident is only put away."""
    home = stuck.house
    stuck.complete("UT_do", "cs")
    assert job(home.session).state == "done"
    act(engine.retry_incident, home, incidents(home)[0].id)
    assert job(home.session).state == "done"
    assert incidents(home) == []


@pytest.mark.parametrize("verb", [engine.retry_incident, engine.cancel_incident])
@pytest.mark.parametrize("who", ["compliance", "owner", "cs", "qa_lead", "vp", "admin", "staff"])
def test_only_operators_step_in(stuck: Case, verb: Verb, who: str) -> None:
    home = stuck.house
    (found,) = incidents(home)
    before = contents(home.session)
    with pytest.raises(NotAllowed):
        act(verb, home, found.id, as_=who)
    assert contents(home.session) == before


@pytest.mark.parametrize("verb", [engine.retry_incident, engine.cancel_incident])
def test_stepping_in_needs_a_reason_and_an_incident_that_is_open(stuck: Case, verb: Verb) -> None:
    home = stuck.house
    (found,) = incidents(home)
    refusals: list[tuple[str, str, type[EngineError]]] = [
        (found.id, " ", ReasonRequired), ("nothing", "x", IncidentNotFound)
    ]  # fmt: skip
    for thing, reason, refusal in refusals:
        with pytest.raises(refusal):
            act(verb, home, thing, reason)
    act(verb, home, found.id)
    with pytest.raises(AlreadyResolved):
        act(verb, home, found.id)


@pytest.mark.parametrize("who", ["cs", "qa", "vp", "staff", "admin"])
def test_incidents_and_messages_are_read_by_operators_compliance_and_the_owner(
    stuck: Case, who: str
) -> None:
    home = stuck.house
    assert len(incidents(home, "compliance")) == len(incidents(home, "owner")) == 1
    for look in (incidents, messages):
        with pytest.raises(NotAllowed):
            look(home, as_=who)  # type: ignore[operator]


def test_the_case_of_an_incident_is_linked_only_for_those_who_may_see_it(stuck: Case) -> None:
    assert incidents(stuck.house, "compliance")[0].instance_id == stuck.id
    assert incidents(stuck.house, "it")[0].instance_id is None


def test_incidents_come_page_by_page(house: Furnish) -> None:
    home = house(BROKEN)
    numbers = [home.start("p", gist="x").business_key for _ in range(3)]
    wait(home, hours=1)
    fail(home)
    seen, cursor = [], None
    for _ in range(3):
        page = engine.list_incidents(home.session, home.actor("it"), limit=1, cursor=cursor)
        seen += [row.business_key for row in page.items]
        cursor = page.next_cursor
    assert (sorted(seen), cursor, page.total) == ([*numbers], None, 3)


# -- messages


@pytest.fixture
def dead(house: Furnish) -> House:
    """A message that nobody took, although it was tried for hours."""
    home = house(WAITING)
    send(home, "reply", payload={"answer": "是"})
    fail(home)
    return home


def test_a_dead_letter_is_shown_with_what_it_carries_to_operators_only(dead: House) -> None:
    (found,) = messages(dead)
    assert (found.name, found.payload, found.sent_by_name) == ("reply", {"answer": "是"}, "owner 先生")
    for reader in ("owner", "compliance"):
        (row,) = messages(dead, as_=reader)
        assert (row.payload, row.correlation) == (None, None)


def test_personal_data_in_a_message_are_masked(house: Furnish) -> None:
    personal = extended(field("gist"), field("phone", personal="true"))
    files = dict(WAITING)
    files["s.bpmn"] = diagram(
        node("startEvent", "SE", personal) + END + flow("SE", "EE_done"), process_id="s"
    )
    home = house(files)
    send(home, "reply", payload={"answer": "是", "phone": "13912345678"})
    (row,) = messages(home, "pending")
    assert row.payload == {"answer": "是", "phone": "139****5678"}


def test_a_dead_letter_that_is_sent_again_reaches_who_waits_now(dead: House) -> None:
    case = dead.start("p", gist="x")
    act(engine.resend_message, dead, messages(dead)[0].id)
    assert [row.state for row in messages(dead, "pending")] == ["pending"]
    wait(dead, seconds=1)
    (row,) = messages(dead, "delivered", "compliance")
    assert (row.delivered_number, row.delivered_to) == (case.business_key, case.id)
    assert incidents(dead) == []
    assert incidents(dead, resolved=True)[0].resolution == "retried"
    assert case.open_tasks() == ["UT_do"]


def test_retrying_the_incident_of_a_message_sends_it_again(dead: House) -> None:
    dead.start("p", gist="x")
    act(engine.retry_incident, dead, incidents(dead)[0].id)
    wait(dead, seconds=1)
    assert len(messages(dead, "delivered")) == 1


def test_cancelling_the_incident_of_a_message_leaves_a_dead_letter(dead: House) -> None:
    act(engine.cancel_incident, dead, incidents(dead)[0].id)
    assert (len(messages(dead)), incidents(dead)) == (1, [])
    dead.start("p", gist="x")
    wait(dead, days=1)
    assert len(messages(dead)) == 1


def test_a_dropped_message_reaches_nobody_and_says_who_dropped_it_and_why(dead: House) -> None:
    act(engine.drop_message, dead, messages(dead)[0].id, "发错了")
    dead.start("p", gist="x")
    wait(dead, days=1)
    assert [len(messages(dead, state)) for state in MESSAGE_STATES] == [0, 0, 0, 1]
    (row,) = incidents(dead, resolved=True)
    assert (row.resolution, row.reason, row.resolved_by_name) == ("cancelled", "发错了", "it 先生")


def test_a_message_still_on_its_way_can_be_dropped_too(house: Furnish) -> None:
    """There is no incident yet: one is kept to say who stepped in."""
    home = house(WAITING)
    send(home, "reply")
    wait(home, seconds=1)
    (row,) = messages(home, "pending")
    assert (row.attempts, row.next_at) == (1, home.clock.now + timedelta(seconds=10))
    act(engine.drop_message, home, row.id, "发错了")
    assert incidents(home, resolved=True)[0].reason == "发错了"
    assert run_due(home.session.get_bind(), now=home.clock.advance(days=1)) == 0


def test_the_sending_case_tells_that_its_message_was_sent_again(house: Furnish) -> None:
    home = house({"s.bpmn": CHAINED["s.bpmn"]})
    case = home.start("s", answer="是")
    fail(home)
    act(engine.resend_message, home, messages(home)[0].id, "对方已上线")
    told = case.view().history[-1]
    assert (told.kind, told.reason, told.actor) == ("incident_retried", "对方已上线", "it")
    assert engine.verify_chains(home.session) == []


@pytest.mark.parametrize("verb", [engine.resend_message, engine.drop_message])
def test_messages_are_handled_by_operators_with_a_reason_while_they_are_not_done_with(
    dead: House, verb: Verb
) -> None:
    (found,) = messages(dead)
    refusals: list[tuple[str, str, str, type[EngineError]]] = [
        (found.id, "x", "owner", NotAllowed), (found.id, "x", "compliance", NotAllowed),
        (found.id, "", "it", ReasonRequired), ("nothing", "x", "it", MessageNotFound),
    ]  # fmt: skip
    for thing, reason, who, refusal in refusals:
        with pytest.raises(refusal):
            act(verb, dead, thing, reason, who)
    act(engine.drop_message, dead, found.id)
    with pytest.raises(AlreadyResolved):
        act(verb, dead, found.id)
