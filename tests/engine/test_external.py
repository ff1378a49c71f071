"""Service tasks that programs outside do: fetched under a lock, completed, failed, given up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import engine
from engine import ExternalWork
from engine.commands.worker import run_due
from engine.diagram.bundle import read_bundles
from engine.errors import (
    BundleRefused,
    ExternalTaskNotFound,
    ExternalTaskNotYours,
    NotAllowed,
    TaskNotFound,
    UncaughtError,
)
from engine.storage.external import ExternalTask
from engine.storage.models import Incident
from tests.drive import Case, Clock, House, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, extended, task
from tests.engine.telling import told
from tests.engine.timed import boundary, timer, wait

Furnish = Callable[..., House]
MINUTE = timedelta(minutes=1)
CODE = "E_NO_STOCK"
ERRORS = f'<error id="Err" name="无库存" errorCode="{CODE}"/>'
CAUGHT = '<errorEventDefinition errorRef="Err" camunda:errorCodeVariable="why"/>'


def external(element: str, topic: str = "lims", **attributes: str) -> str:
    """A service task of programs."""
    more = {"camunda_type": "external", "camunda_topic": topic, **attributes}
    return node("serviceTask", element, extended(sets="result,why"), name="送检", **more)


def regulation(middle: str, flows: str, more: str = "") -> dict[str, bytes]:
    """From the start to an external task, and on as `flows` says; `result` is read by the diagram."""
    ending = END + node("endEvent", "EE_bad", name="不合格")
    way = node("exclusiveGateway", "XG", default="XG_EE_bad") + flow("XG", "EE_bad")
    way += flow("XG", "EE_done", "${result == 'good'}")
    return {"p.bpmn": diagram(START + middle + way + ending + flows, more=more)}


PLAIN = regulation(external("ST_test"), flow("SE", "ST_test") + flow("ST_test", "XG"))
GUARDED = regulation(
    external("ST_test") + boundary("EB", "ST_test", CAUGHT, interrupts=True) + task("UT_buy"),
    flow("SE", "ST_test") + flow("ST_test", "XG") + flow("EB", "UT_buy") + flow("UT_buy", "XG"),
    ERRORS,
)


class Program:
    """A program that works in the name of somebody of the IT department."""

    def __init__(self, home: House, name: str = "w1", person: str = "it") -> None:
        self.home, self.name, self.person = home, name, home.actor(person)

    def fetch(self, *topics: str, most: int = 10, by_priority: bool = True) -> list[ExternalWork]:
        """Locks what there is for a minute."""
        wanted = [engine.Subscription(topic, MINUTE) for topic in topics or ("lims",)]
        with engine.transaction(self.home.session) as session:
            return engine.fetch_and_lock(
                session, self.name, self.person, wanted, most=most, by_priority=by_priority, now=self.now
            )

    def do(self, verb: Callable[..., None], work: ExternalWork, *rest: object, **named: object) -> None:
        """Calls a verb on a task."""
        with engine.transaction(self.home.session) as session:
            verb(session, work.id, self.name, self.person, *rest, now=self.now, **named)

    @property
    def now(self) -> object:
        """The house's time."""
        return self.home.clock.now


def test_a_program_fetches_completes_and_the_case_goes_on(house: Furnish) -> None:
    """What it brings is kept, decides the way, and stands in the history with its hash."""
    home = house(PLAIN)
    case = home.start("p", gist="泄漏", phone="13800000000")
    program = Program(home)
    (work,) = program.fetch()
    assert (work.topic, work.element_id, work.business_key) == ("lims", "ST_test", case.business_key)
    assert work.variables == {"gist": "泄漏"}  # the phone number is personal
    program.do(engine.complete_external, work, {"result": "good", "unheard": 1})
    assert case.ended_at == "已完成"
    (event,) = [event for event in case.view().history if event.kind == "external_completed"]
    assert event.text.zh == "外部程序完成了“送检”"
    assert program.fetch() == []
    assert engine.verify_chains(home.session) == []


def test_a_task_is_no_task_of_people(house: Furnish) -> None:
    home = house(PLAIN)
    case = home.start("p", gist="泄漏")
    assert case.open_tasks() == []
    (work,) = Program(home).fetch()
    with pytest.raises(TaskNotFound):
        engine.complete_task(home.session, work.id, home.actor("cs"), {}, now=home.clock.now)


def test_what_one_program_has_locked_no_other_gets_before_the_lock_is_over(house: Furnish) -> None:
    home = house(PLAIN)
    home.start("p", gist="泄漏")
    first, second = Program(home, "w1"), Program(home, "w2")
    (work,) = first.fetch()
    assert second.fetch() == []
    home.clock.advance(minutes=1)
    assert [one.id for one in second.fetch()] == [work.id]
    with pytest.raises(ExternalTaskNotYours):
        first.do(engine.complete_external, work, {"result": "good"})
    second.do(engine.complete_external, work, {"result": "bad"})


def test_a_program_whose_lock_is_over_may_still_complete_if_nobody_took_the_task(house: Furnish) -> None:
    home = house(PLAIN)
    case = home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    home.clock.advance(hours=1)
    program.do(engine.complete_external, work, {"result": "good"})
    assert case.ended_at == "已完成"


def test_a_lock_is_extended_given_back_and_taken_by_name(house: Furnish) -> None:
    home = house(PLAIN)
    home.start("p", gist="泄漏")
    first, second = Program(home, "w1"), Program(home, "w2")
    (work,) = first.fetch()
    first.do(engine.extend_lock, work, timedelta(hours=2))
    home.clock.advance(hours=1)
    assert second.fetch() == []
    with pytest.raises(ExternalTaskNotYours):
        second.do(engine.lock_external, work, MINUTE)
    with engine.transaction(home.session):
        engine.unlock_external(home.session, work.id, first.person)
    second.do(engine.lock_external, work, MINUTE)
    with pytest.raises(ExternalTaskNotYours):
        first.do(engine.extend_lock, work, MINUTE)


def test_only_the_topics_asked_for_the_most_urgent_first(house: Furnish) -> None:
    home = house(
        regulation(
            node("parallelGateway", "PG")
            + external("ST_low", "a") + external("ST_high", "${'b'}", camunda_taskPriority="${40 + 2}")
            + external("ST_other", "c") + node("parallelGateway", "PG_join"),
            flow("SE", "PG") + "".join(
                flow("PG", s) + flow(s, "PG_join") for s in ("ST_low", "ST_high", "ST_other")
            ) + flow("PG_join", "XG"),
        )
    )  # fmt: skip
    home.start("p", gist="泄漏")
    program = Program(home)
    assert [(w.element_id, w.priority) for w in program.fetch("a", "b", most=1)] == [("ST_high", 42)]
    assert [w.element_id for w in program.fetch("a", "b")] == ["ST_low"]


def test_a_failure_with_retries_left_comes_again_after_its_wait(house: Furnish) -> None:
    home = house(PLAIN)
    home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    program.do(engine.fail_external, work, message="offline", retries=2, wait=timedelta(minutes=10))
    assert program.fetch() == []
    home.clock.advance(minutes=10)
    (again,) = program.fetch()
    assert (again.id, again.retries, again.error_message) == (work.id, 2, "offline")


def test_without_retries_an_incident_opens_and_an_operator_lets_it_be_tried_again(house: Furnish) -> None:
    home = house(PLAIN)
    case = home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    program.do(engine.fail_external, work, message="offline", details="stack", retries=0)
    home.clock.advance(days=1)
    assert program.fetch() == []
    assert told(home.session, "incident") == ["admin", "it"]
    (incident,) = home.session.scalars(select(Incident))
    assert (incident.kind, incident.cause, incident.instance_id) == ("external", "lims: offline", case.id)
    with engine.transaction(home.session) as session:
        engine.retry_incident(session, incident.id, home.actor("it"), "修好了", now=home.clock.now)
    assert program.fetch() == []
    run_due(home.session.get_bind(), now=home.clock.now)
    (again,) = program.fetch()
    program.do(engine.complete_external, again, {"result": "good"})
    assert case.ended_at == "已完成"


def test_an_error_that_the_diagram_knows_goes_to_its_boundary_event(house: Furnish) -> None:
    home = house(GUARDED)
    case = home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    program.do(engine.report_bpmn_error, work, CODE, "没有了", {"result": "good"})
    assert case.open_tasks() == ["UT_buy"]
    assert home.session.get(ExternalTask, work.id, populate_existing=True).state == "error"  # type: ignore[union-attr]
    case.complete("UT_buy", "cs")
    assert case.ended_at == "已完成"
    assert engine.verify_chains(home.session) == []


def test_an_error_that_nobody_catches_leaves_the_task_as_it_was(house: Furnish) -> None:
    home = house(PLAIN)
    home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    with pytest.raises(UncaughtError):
        program.do(engine.report_bpmn_error, work, CODE)
    program.do(engine.complete_external, work, {"result": "good"})


def test_a_task_that_a_timer_took_away_is_gone_for_programs_too(house: Furnish) -> None:
    late = boundary("TB", "ST_test", timer("<timeDuration>PT1H</timeDuration>"), interrupts=True)
    home = house(
        regulation(
            external("ST_test") + late + task("UT_late"),
            flow("SE", "ST_test") + flow("ST_test", "XG") + flow("TB", "UT_late") + flow("UT_late", "XG"),
        )
    )
    case = home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    wait(home, hours=1)
    assert case.open_tasks() == ["UT_late"]
    with pytest.raises(ExternalTaskNotFound):
        program.do(engine.complete_external, work, {})


def test_a_cancelled_case_asks_no_program_any_more(house: Furnish) -> None:
    home = house(PLAIN)
    case = home.start("p", gist="泄漏")
    with engine.transaction(home.session) as session:
        engine.cancel_instance(session, case.id, home.actor("staff"), "重复", now=home.clock.now)
    assert Program(home).fetch() == []


def test_input_parameters_are_for_the_program_alone(house: Furnish) -> None:
    mapped = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="sample">${gist}-1</camunda:inputParameter>'
        '<camunda:outputParameter name="result">${grade}</camunda:outputParameter></camunda:inputOutput>'
        '<camunda:properties><camunda:property name="sets" value="grade"/></camunda:properties>'
        "</extensionElements>"
    )
    st = node("serviceTask", "ST_test", mapped, name="送检", camunda_type="external", camunda_topic="lims")
    home = house(regulation(st, flow("SE", "ST_test") + flow("ST_test", "XG")))
    case = home.start("p", gist="泄漏")
    program = Program(home)
    (work,) = program.fetch()
    assert work.variables["sample"] == "泄漏-1"
    program.do(engine.complete_external, work, {"grade": "good"})
    assert case.ended_at == "已完成"


@pytest.mark.parametrize("person", ["cs", "owner", "compliance"])
def test_others_let_no_program_work(house: Furnish, person: str) -> None:
    home = house(PLAIN)
    home.start("p", gist="泄漏")
    with pytest.raises(NotAllowed):
        Program(home, person=person).fetch()


def test_a_service_task_needs_an_expression_or_a_topic() -> None:
    bare = node("serviceTask", "ST_test", name="送检", camunda_type="external")
    files = regulation(bare, flow("SE", "ST_test") + flow("ST_test", "XG"))
    with pytest.raises(BundleRefused) as refused:
        read_bundles(files)
    assert "service-without-expression" in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize("rounds", range(2))
def test_many_programs_do_each_task_once(
    each_database: Engine, clock: Clock, tmp_path: Path, rounds: int
) -> None:
    """Four at once over twenty cases: nobody gets what another one has, every case ends, no chain breaks."""
    with Session(each_database) as session:
        sign_up(session)
        home = House(session, clock, tmp_path).deploy(PLAIN)
        cases = [home.start("p", gist=str(n)) for n in range(20)]
        session.rollback()
        person = home.actor("it")
        session.rollback()

        def work(name: str) -> list[str]:
            done = []
            for _ in range(30):
                with Session(each_database) as own, engine.transaction(own):
                    wanted = [engine.Subscription("lims", MINUTE)]
                    got = engine.fetch_and_lock(own, name, person, wanted, most=2, now=clock.now)
                for one in got:
                    with Session(each_database) as own, engine.transaction(own):
                        engine.complete_external(own, one.id, name, person, {"result": "good"}, now=clock.now)
                    done.append(one.id)
            return done

        with ThreadPoolExecutor(4) as pool:
            done = [task for tasks in pool.map(work, ["a", "b", "c", "d"]) for task in tasks]
        assert len(done) == len(set(done)) == 20
        assert [ended(case) for case in cases] == ["已完成"] * 20
        assert engine.verify_chains(session) == []


def ended(case: Case) -> str | None:
    """The end event of a case."""
    return case.ended_at
