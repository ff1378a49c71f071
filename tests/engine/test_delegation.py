"""Delegating a task (委派): somebody else prepares it, whoever delegated it completes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.errors import (
    DelegationPending,
    FormInvalid,
    FourEyes,
    NotACandidate,
    NotAllowed,
    NotDelegated,
    PersonNotFound,
    ReasonRequired,
    StaleTask,
    TaskNotFound,
)
from tests.drive import Case, Clock, House, contents, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, ONE, REWORK, START, field, task
from tests.engine.telling import announce, told
from tests.engine.test_races import at_once

Open = Callable[[Mapping[str, bytes]], House]
PRIVATE = {
    "p.bpmn": diagram(
        START
        + task("UT_do", field("note"), field("phone", personal="true"), groups="", assignee="dept")
        + END
        + flow("SE", "UT_do")
        + flow("UT_do", "EE_done")
    )
}
"""A task of one person, whom no group stands behind."""


@dataclass
class Hands:
    """A case whose task is passed around."""

    case: Case

    @property
    def task_id(self) -> str:
        """The open task."""
        return self.case.task("UT_do").id

    def run(self, verb: Callable[..., object], by: str, *facts: object, **more: object) -> None:
        """One verb, committed."""
        home = self.case.house
        with engine.transaction(home.session):
            verb(home.session, self.task_id, home.actor(by), *facts, **more, now=home.clock.now)

    def claim(self, by: str) -> "Hands":
        """Claimed."""
        self.run(engine.claim_task, by)
        return self

    def delegate(self, by: str, to: str, reason: str = "请协助查证") -> "Hands":
        """Delegated."""
        self.run(engine.delegate_task, by, to, reason)
        return self

    def resolve(self, by: str, values: Mapping[str, object] | None = None) -> "Hands":
        """Given back."""
        self.run(engine.resolve_task, by, values)
        return self

    def page(self, of: str) -> engine.TaskView:
        """The task page."""
        return self.case.page("UT_do", of)


@pytest.fixture
def hands(house: Open) -> Hands:
    """A task of customer service that cs has claimed."""
    return Hands(house(ONE).start("p", gist="漏油")).claim("cs")


def test_somebody_else_prepares_a_task_and_its_owner_completes_it(hands: Hands) -> None:
    hands.delegate("cs", "dept").resolve("dept", {"note": "已查证"})
    page = hands.page("cs")
    assert (page.row.assignee, page.values["note"]) == ("cs", "已查证")
    assert page.can_complete
    done = hands.case.complete("UT_do", "cs", note="已查证")
    assert done.ended
    view = hands.case.view()
    told = [(e.actor, e.text.zh, e.reason) for e in view.history if e.kind in ("delegated", "resolved")]
    assert told == [
        ("cs", "将“做do”委派给dept 先生", "请协助查证"),
        ("dept", "将委派的“做do”交回cs 先生", None),
    ]
    assert view.chain_ok


def test_who_has_it_sees_the_case_and_fills_in_the_form_but_completes_nothing(hands: Hands) -> None:
    with pytest.raises(TaskNotFound):
        hands.page("dept")
    hands.delegate("cs", "dept")
    page = hands.page("dept")
    assert (bool(page.can_draft), bool(page.can_resolve), page.delegated_by) == (True, True, "cs 先生")
    refused = page.can_complete, page.can_delegate, page.can_release, page.can_assign
    assert not any(map(bool, refused))
    hands.run(engine.save_draft, "dept", {"note": "初稿"})
    before = contents(hands.case.house.session)
    for verb, facts in (
        (engine.complete_task, ({"note": "x"},)),
        (engine.delegate_task, ("cs2", "x")),
        (engine.release_task, ()),
    ):
        with pytest.raises(DelegationPending, match="cs"):
            hands.run(verb, "dept", *facts)
    with pytest.raises(NotACandidate):
        hands.run(engine.assign_task, "dept", "cs2", "x")
    assert contents(hands.case.house.session) == before
    hands.resolve("dept")
    with pytest.raises(TaskNotFound):
        hands.page("dept")


def test_a_draft_travels_there_and_back(hands: Hands) -> None:
    hands.run(engine.save_draft, "cs", {"note": "起头"})
    hands.delegate("cs", "dept")
    assert hands.page("dept").values["note"] == "起头"
    hands.resolve("dept")
    assert hands.page("cs").values["note"] == "起头"
    hands.delegate("cs", "dept")
    with pytest.raises(FormInvalid):
        hands.resolve("dept", {"unheard": 1})


def test_the_owner_takes_it_back(hands: Hands) -> None:
    hands.delegate("cs", "dept").resolve("cs")
    assert hands.page("cs").row.assignee == "cs"
    assert [e.kind for e in hands.case.view().history][-1] == "recalled"


def test_nobody_else_gives_it_back_and_nobody_gives_back_what_is_not_delegated(hands: Hands) -> None:
    with pytest.raises(NotDelegated):
        hands.resolve("cs")
    hands.delegate("cs", "dept")
    with pytest.raises(NotACandidate):
        hands.resolve("cs2")
    hands.resolve("dept")
    with pytest.raises(NotACandidate):
        hands.resolve("dept")
    with pytest.raises(NotDelegated):
        hands.resolve("cs")


@pytest.mark.parametrize(
    ("by", "to", "reason", "refusal"),
    [
        ("cs", "dept", " ", ReasonRequired),
        ("cs", "nobody", "x", PersonNotFound),
        ("cs", "cs", "x", NotAllowed),
        ("cs", "admin", "x", NotAllowed),
        ("cs2", "dept", "x", NotACandidate),
        ("cs_lead", "dept", "x", NotACandidate),
    ],
)
def test_who_may_delegate_and_to_whom(
    hands: Hands, by: str, to: str, reason: str, refusal: type[Exception]
) -> None:
    before = contents(hands.case.house.session)
    with pytest.raises(refusal):
        hands.delegate(by, to, reason)
    assert contents(hands.case.house.session) == before
    offered = [person.id for person in hands.page("cs").helpers]
    assert "dept" in offered
    assert not {"cs", "admin"} & set(offered)


def test_four_eyes_bind_whoever_prepares(house: Open) -> None:
    case = house(REWORK).start("p", gist="漏油")
    case.complete("UT_do", "cs", note="好")
    home, task_id = case.house, case.task("UT_check").id
    with engine.transaction(home.session):
        engine.claim_task(home.session, task_id, home.actor("qa"), now=home.clock.now)
    with pytest.raises(FourEyes), engine.transaction(home.session):
        engine.delegate_task(home.session, task_id, home.actor("qa"), "cs", "x", now=home.clock.now)


def test_whom_four_eyes_bind_meanwhile_gives_a_task_back_without_an_entry(house: Open) -> None:
    body = START + node("parallelGateway", "PG") + task("UT_do", field("note"))
    body += task("UT_check", field("good", "boolean"), groups="qa", notBy="UT_do") + END
    ways = [("SE", "PG"), ("PG", "UT_do"), ("PG", "UT_check"), ("UT_do", "EE_done"), ("UT_check", "EE_done")]
    case = house({"p.bpmn": diagram(body + "".join(flow(*way) for way in ways))}).start("p", gist="漏油")
    home, task_id = case.house, case.task("UT_check").id
    with engine.transaction(home.session) as session:
        engine.claim_task(session, task_id, home.actor("qa"), now=home.clock.now)
        engine.delegate_task(session, task_id, home.actor("qa"), "cs", "请代填", now=home.clock.now)
    case.complete("UT_do", "cs", note="好")
    with pytest.raises(FourEyes), engine.transaction(home.session) as session:
        engine.resolve_task(session, task_id, home.actor("cs"), {"good": True}, now=home.clock.now)
    with engine.transaction(home.session) as session:
        engine.resolve_task(session, task_id, home.actor("cs"), now=home.clock.now)
    assert case.task("UT_check").assignee == "qa"


def test_who_prepared_a_task_may_not_approve_it_although_its_owner_completed_it(house: Open) -> None:
    case = house(REWORK).start("p", gist="漏油")
    home, task_id = case.house, case.task("UT_do").id
    owner, helper = home.actor("cs"), home.actor("qa")
    with engine.transaction(home.session):
        engine.claim_task(home.session, task_id, owner, now=home.clock.now)
        engine.delegate_task(home.session, task_id, owner, "qa", "请代填", now=home.clock.now)
        engine.resolve_task(home.session, task_id, helper, {"note": "好"}, now=home.clock.now)
    case.complete("UT_do", "cs", note="好")
    with pytest.raises(FourEyes):
        case.complete("UT_check", "qa", good=True)
    case.complete("UT_check", "qa2", good=True)


def test_a_lead_hands_a_delegated_task_over_for_good(hands: Hands) -> None:
    hands.delegate("cs", "dept")
    hands.run(engine.assign_task, "cs_lead", "cs2", "cs 休假")
    assert hands.page("cs2").can_complete
    with pytest.raises(NotDelegated):
        hands.resolve("cs2")


def test_a_task_given_back_may_be_released_and_then_belongs_to_the_group(hands: Hands) -> None:
    hands.delegate("cs", "dept").resolve("dept")
    hands.run(engine.release_task, "cs")
    hands.claim("cs2")
    assert hands.page("cs2").can_complete


def test_who_delegates_keeps_sight_of_the_case(house: Open) -> None:
    case = house(PRIVATE).start("p", gist="漏油")
    hands = Hands(case).delegate("dept", "sales")
    assert hands.page("dept").can_resolve
    hands.resolve("sales")
    assert hands.page("dept").can_complete


def test_personal_data_typed_by_one_stay_masked_for_the_other(house: Open) -> None:
    hands = Hands(house(PRIVATE).start("p", gist="漏油"))
    hands.delegate("dept", "staff2").resolve("staff2", {"phone": "13800138000"})
    assert hands.page("dept").values["phone"] != "13800138000"


def test_what_the_owner_had_typed_of_personal_data_comes_back_to_him_and_to_nobody_else(house: Open) -> None:
    hands = Hands(house(PRIVATE).start("p", gist="漏油"))
    hands.run(engine.save_draft, "dept", {"note": "起头", "phone": "13800138000"})
    for back in ("dept", "staff2"):
        hands.delegate("dept", "staff2")
        seen = hands.page("staff2").values
        assert (seen["note"], seen["phone"]) == ("起头", None)
        hands.run(engine.save_draft, "staff2", {"note": "查证", "phone": ""})
        hands.resolve(back, {"note": "查证", "phone": ""} if back == "staff2" else None)
        owner = hands.page("dept").values
        assert (owner["note"], owner["phone"]) == ("查证", "13800138000")
        hands.run(engine.save_draft, "dept", {"note": "起头", "phone": "13800138000"})
    hands.delegate("dept", "staff2").resolve("staff2", {"note": "查证", "phone": "13911112222"})
    assert hands.page("dept").values["phone"] is None
    assert hands.case.page("UT_do", "cs").values["phone"] == "13911112222"


def test_each_who_gets_it_is_told(hands: Hands) -> None:
    home = hands.case.house
    announce(home)
    before = len(told(home.session))
    for _ in range(2):
        hands.delegate("cs", "dept")
        announce(home)
        hands.resolve("dept")
        announce(home)
    assert sorted(told(home.session)[before:]) == ["cs", "cs", "dept", "dept"]


def test_of_two_who_act_at_once_one_wins(each_database: Engine, tmp_path: Path) -> None:
    """Its owner takes it back while the other gives it back: the second is told."""
    with Session(each_database) as session:
        sign_up(session)
        hands = Hands(House(session, Clock(), tmp_path).deploy(ONE).start("p", gist="x")).claim("cs")
        hands.delegate("cs", "dept")
        task_id, people = hands.task_id, [hands.case.house.actor(person) for person in ("cs", "dept")]
    back = [partial(_back, task_id=task_id, actor=actor) for actor in people]
    results = at_once(each_database, *back)
    assert len([result for result in results if isinstance(result, int)]) == 1
    told = NotACandidate, NotDelegated, StaleTask
    assert len([result for result in results if isinstance(result, told)]) == 1


def _back(session: Session, task_id: str, actor: engine.Actor) -> int:
    return engine.resolve_task(session, task_id, actor, now=Clock().now)
