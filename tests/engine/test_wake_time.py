"""A case's wake job always stands at the earliest of its timers and clocks, whatever happens to it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

import engine
from engine.execution.workflow import Live, thaw
from engine.queries.bundles import bundle_of
from engine.schedule.clocks import ClockBook
from engine.storage.instances import live_rows
from engine.storage.models import Job, ProcessInstance
from tests.drive import Case, House
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, START, field, task
from tests.engine.timed import EXTENSION, at, boundary, clocks, timer, wait

Furnish = Callable[..., House]
BUSY = {
    "p.bpmn": diagram(
        START
        + node("parallelGateway", "PG")
        + task("UT_a", field("again", "boolean"), clock_start="confirm PT5H", clock_stop="reply")
        + boundary("TB_a", "UT_a", timer("<timeCycle>R/PT3H</timeCycle>"))
        + boundary("TB_d", "UT_a", at("due('confirm')"))
        + node("exclusiveGateway", "XG", name="再来？", default="XG_EE_a")
        + task("UT_b", clock_start="reply PT7H", clock_stop="confirm")
        + boundary("TB_b", "UT_b", at("due('confirm')"), interrupts=True)
        + task("UT_late", groups="vp")
        + node("intermediateCatchEvent", "TC", timer("<timeDuration>PT4H</timeDuration>"), name="已等待")
        + node("exclusiveGateway", "XJ")
        + END + "".join(node("endEvent", f"EE_{n}", name=n) for n in "abcdl")
        + flow("SE", "PG") + flow("PG", "XJ") + flow("PG", "UT_b") + flow("PG", "TC")
        + flow("XJ", "UT_a") + flow("UT_a", "XG") + flow("XG", "XJ", "${again == true}") + flow("XG", "EE_a")
        + flow("TB_a", "EE_c") + flow("TB_d", "EE_l") + flow("UT_b", "EE_b") + flow("TB_b", "UT_late")
        + flow("UT_late", "EE_d") + flow("TC", "EE_done"),
    )
}  # fmt: skip


def earliest(case: Case) -> object:
    """The earliest timer and clock of a case, worked out anew from its rows."""
    session = case.house.session
    session.rollback()
    session.expire_all()
    row = session.get_one(ProcessInstance, case.id)
    if row.state != "running":
        return None
    live = Live(live_rows(session, case.id), dict(row.body))
    instance = thaw(bundle_of(session, row.bundle_hash), live, case.house.clock.now)
    book = ClockBook(session, case.id, case.house.clock.now)
    book.read("confirm", "", None)
    return min((moment for moment in (instance.next_due(), book.next_at) if moment), default=None)


def stored(case: Case) -> object:
    """When the case's job is due, None if it is not."""
    of_case = Job.instance_id == case.id, Job.kind == "wake", Job.state == "due"
    return case.house.session.scalar(select(Job.due_at).where(*of_case))


def step(case: Case, dice: Random) -> None:
    """Somebody completes something, applies for an extension, or time passes with or without a worker."""
    home, tasks = case.house, case.view().tasks
    what = dice.random()
    if what < 0.4 and tasks:
        chosen = dice.choice(tasks)
        values = {"again": dice.random() < 0.8} if chosen.element_id == "UT_a" else {}
        with engine.transaction(home.session):
            who = home.actor(chosen.candidate_groups[0])
            engine.complete_task(home.session, chosen.id, who, values, now=home.clock.now)
    elif what < 0.5:
        clock = clocks(home.session, case.id).get("confirm")
        due = clock.due_at if clock and clock.due_at else home.clock.now
        later = (due + timedelta(hours=dice.choice([1, 9]))).isoformat()
        request = home.start("x", "cs", case_no=case.business_key, until=later)
        if request.open_tasks():
            request.complete("UT_ok", "vp", fine=True)
    elif what < 0.8:
        wait(home, minutes=dice.choice([7, 61, 190, 400]))
    else:
        home.clock.advance(minutes=dice.choice([5, 100]))


@pytest.mark.parametrize("seed", range(12))
def test_the_wake_job_stands_at_the_earliest_moment(house: Furnish, seed: int) -> None:
    """Over random completions, extensions, waits and downtimes."""
    dice, home = Random(seed), house(BUSY | EXTENSION)
    case = home.start("p", gist="x")
    for _ in range(25):
        step(case, dice)
        assert stored(case) == earliest(case)
        if case.view().state != "running":
            break
    assert engine.verify_chains(home.session) == []
