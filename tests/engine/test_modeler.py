"""A modeler deploys one diagram with its forms; the rest is what is deployed already."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.errors import BundleRefused, NotAllowed, ReasonRequired
from tests.drive import Clock, House, actor, contents, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.drawing import bpmn, element, ends, gateways
from tests.engine.houses import END, LEVEL, START, extended, field, task


def form(*fields: str) -> bytes:
    """The form `note` with these text fields."""
    rows = ",".join(
        f'{{"type": "textfield", "id": "F_{n}", "key": "{n}", "label": "{n}",'
        f' "properties": {{"label.en": "{n}"}}}}'
        for n in fields
    )
    titles = '"properties": {"title": "记", "title.en": "Note"}'
    return f'{{"type": "default", "id": "note", {titles}, "components": [{rows}]}}'.encode()


def calling(process: str, called: str) -> bytes:
    """A process that calls another one."""
    body = START + node("callActivity", "CA", calledElement=called, name="办理") + END
    return diagram(body + flow("SE", "CA") + flow("CA", "EE_done"), process, attributes='name="总流程"')


def asking(process: str = "part", name: str = "填写") -> bytes:
    """A process that decides and then asks the form `note`."""
    body = (
        node("startEvent", "SE", extended(field("gist")))
        + node("businessRuleTask", "BR", camunda_decisionRef="level", name="定级")
        + node("userTask", "UT", name=name, camunda_candidateGroups="cs", camunda_formRef="note")
        + END
    )
    flows = flow("SE", "BR") + flow("BR", "UT") + flow("UT", "EE_done")
    return diagram(body + flows, process, attributes='name="分流程"')


WHOLE = {
    "main.bpmn": calling("main", "part"),
    "part.bpmn": asking(),
    "level.dmn": LEVEL.encode(),
    "forms/note.form": form("text"),
    "other.bpmn": diagram(START + task("UT_x") + END + flow("SE", "UT_x") + flow("UT_x", "EE_done"), "other"),
}

HELD = "".join(element("userTask", n, "", "", 'camunda:candidateGroups="cs"') for n in "AB")
STUCK = bpmn(
    "other", HELD + gateways("exclusive", "X") + gateways("parallel", "J") + ends("e"),
    "s > X; X > A : a; X >> B; A > J; B > J; J > e",
)  # fmt: skip
WAYS = [f"W{number}" for number in range(12)]
WIDE = bpmn(
    "wide",
    "".join(element("userTask", n, "", "", 'camunda:candidateGroups="cs"') for n in WAYS)
    + gateways("inclusive", "I J") + ends("e"),
    f"s > I; {'; '.join(f'I > {n} : a; {n} > J' for n in WAYS)}; J > e",
)  # fmt: skip


@pytest.fixture
def whole(house) -> House:  # type: ignore[no-untyped-def]
    """A folder is deployed: `main` calls `part`, which decides and asks a form; `other` stands alone."""
    return house(WHOLE)


def hand_in(house: House, files: Mapping[str, bytes], who: str = "owner", **facts: object) -> engine.Handed:
    """The process owner hands files in, an hour later."""
    house.clock.advance(hours=1)
    facts = {"reason": "form and deadline", **facts}
    with engine.transaction(house.session):
        return engine.deploy_part(
            house.session, files, actor(house.session, who), now=house.clock.now, **facts  # type: ignore[arg-type]
        )  # fmt: skip


def versions(house: House) -> dict[str, int]:
    """The present version of each process."""
    latest = engine.list_deployed_definitions(house.session, house.actor("owner"), {"latest": True})
    return {one.process_id: one.version for one in latest}


def test_one_diagram_is_enough_the_decision_and_the_form_are_there_already(whole: House) -> None:
    handed = hand_in(whole, {"part.bpmn": asking(name="填写记录")})
    assert [view.process_id for view in handed.definitions] == ["part", "main"]
    assert versions(whole) == {"main": 2, "part": 2, "other": 1}
    case = whole.start("part", gist="x")
    assert case.page("UT", "cs").row.name == "填写记录"
    case.complete("UT", "cs", text="good")
    assert case.ended_at == "已完成"


def test_a_process_that_calls_it_calls_the_new_one_from_now_on(whole: House) -> None:
    running = whole.start("main", gist="x")
    hand_in(whole, {"part.bpmn": asking(name="填写记录")})
    assert running.task("UT").name == "填写"
    assert whole.start("main", gist="x").task("UT").name == "填写记录"


def test_a_form_alone_changes_the_processes_that_ask_it(whole: House) -> None:
    hand_in(whole, {"note.form": form("text", "more")})
    assert versions(whole) == {"main": 2, "part": 2, "other": 1}
    case = whole.start("main", gist="x")
    assert {f.key for f in case.page("UT", "cs").form.inputs} == {"text", "more"}  # type: ignore[union-attr]


def test_a_new_process_may_call_one_that_is_deployed(whole: House) -> None:
    handed = hand_in(whole, {"new.bpmn": calling("new", "part")})
    assert ([view.process_id for view in handed.definitions], handed.new) == (["new"], {"new"})
    assert versions(whole) == {"main": 1, "part": 1, "other": 1, "new": 1}
    case = whole.start("new", gist="x")
    case.complete("UT", "cs", text="good")
    assert case.ended_at == "已完成"


def test_a_process_keeps_its_name_when_its_file_is_called_differently(whole: House) -> None:
    """A modeler calls a file diagram_1.bpmn; what counts is the id of the process in it."""
    hand_in(whole, {"diagram_1.bpmn": asking(name="填写记录")})
    assert versions(whole) == {"main": 2, "part": 2, "other": 1}
    view = engine.get_deployed_definition(whole.session, whole.actor("owner"), process_id="part")
    assert view.resource == "diagram_1.bpmn"


def test_what_would_break_a_process_that_uses_it_is_refused_and_leaves_nothing(whole: House) -> None:
    before = contents(whole.session)
    good = diagram(
        START + node("userTask", "UT", name="填", camunda_candidateGroups="cs", camunda_formRef="none") + END
        + flow("SE", "UT") + flow("UT", "EE_done"), "part",
    )  # fmt: skip
    with pytest.raises(BundleRefused) as refused:
        hand_in(whole, {"part.bpmn": good})
    assert [(p.file, p.element) for p in refused.value.problems] == [("part.bpmn", "UT")]
    assert contents(whole.session) == before


def test_a_file_that_no_process_uses_is_refused(whole: House) -> None:
    with pytest.raises(BundleRefused, match="No process uses this file"):
        hand_in(whole, {"stray.form": form("text").replace(b'"note"', b'"stray"')})
    with pytest.raises(BundleRefused, match="No process uses this file"):
        hand_in(
            whole, {"part.bpmn": asking(name="x"), "stray.form": form("a").replace(b'"note"', b'"stray"')}
        )


def test_a_process_in_which_cases_get_stuck_is_refused_as_on_the_page_of_publishing(whole: House) -> None:
    before = contents(whole.session)
    with pytest.raises(BundleRefused) as refusal:
        hand_in(whole, {"other.bpmn": STUCK})
    whole.session.rollback()
    (problem,) = [p for p in refusal.value.problems if p.code == "sound.deadlock"]
    assert (problem.file, problem.element) == ("other.bpmn", "J")
    assert "s → X → " in problem.en
    assert contents(whole.session) == before


def test_a_process_that_is_too_large_to_be_played_meanwhile_is_deployed_with_a_warning(whole: House) -> None:
    handed = hand_in(whole, {"wide.bpmn": WIDE})
    assert handed.new == {"wide"}
    assert {problem.code for problem in handed.warnings} >= {"sound.too-large"}


def test_the_same_again_writes_nothing_if_only_changes_count(whole: House) -> None:
    first = hand_in(whole, {"part.bpmn": asking(name="填写记录")}, only_changed=True)
    before = contents(whole.session)
    again = hand_in(whole, {"part.bpmn": asking(name="填写记录")}, only_changed=True)
    assert (again.deployment, again.new) == (first.deployment, frozenset())
    assert contents(whole.session) == before


def test_the_same_again_is_a_deployment_of_its_own_otherwise_without_new_versions(whole: House) -> None:
    handed = hand_in(whole, {"part.bpmn": asking()})
    assert (handed.new, versions(whole)) == (frozenset(), {"main": 1, "part": 1, "other": 1})
    assert engine.count_deployments(whole.session, whole.actor("owner"), {}) == 2


def test_only_process_owners_deploy_and_say_why(whole: House) -> None:
    for who, reason, refusal in (
        ("qa", "x", NotAllowed),
        ("admin", "x", NotAllowed),
        ("owner", " ", ReasonRequired),
    ):
        with pytest.raises(refusal):
            hand_in(whole, {"part.bpmn": asking(name="x")}, who, reason=reason)


def test_the_owner_s_tables_count_for_what_is_handed_in(whole: House) -> None:
    """A group that the deployed groups.csv does not know is told, as of the whole folder."""
    groups = "id,zh,en,duty_zh,duty_en\ncs,客服,Service,-,-\n".encode()
    unknown = {"part.bpmn": asking(name="x").replace(b'"cs"', b'"nobody"')}
    assert "group-unknown" not in {warning.code for warning in hand_in(whole, unknown).warnings}
    whole.deploy({**WHOLE, "groups.csv": groups})
    assert "group-unknown" in {warning.code for warning in hand_in(whole, unknown).warnings}


def test_the_files_of_a_deployment_can_be_read_as_they_were_handed_in(whole: House) -> None:
    handed = hand_in(whole, {"part.bpmn": asking(name="x"), "note.form": form("text", "more")})
    session, deployment, reader = whole.session, handed.deployment.id, whole.actor("compliance")
    names = {r.name: r.id for r in engine.list_resources(session, deployment, reader)}
    assert names.keys() == {"part.bpmn", "note.form"}
    read = engine.read_resource(session, deployment, names["note.form"], reader)
    assert read == ("note.form", form("text", "more"))


def test_two_modelers_at_once_make_two_versions(each_database: Engine, tmp_path: Path) -> None:
    """Whoever comes second is checked against what the first one deployed, and counts on from it."""
    with Session(each_database) as session:
        sign_up(session)
        House(session, Clock(), tmp_path).deploy(WHOLE)
    together = Barrier(2)

    def one(name: str) -> frozenset[str]:
        with Session(each_database) as session:
            who = actor(session, "owner")
            session.rollback()
            together.wait()
            with engine.transaction(session):
                return engine.deploy_part(session, {"part.bpmn": asking(name=name)}, who, "at once").new

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(one, ["甲", "乙"])) == [{"part", "main"}] * 2
    with Session(each_database) as session:
        owner = actor(session, "owner")
        found = engine.list_deployed_definitions(session, owner, {"process_id": "part"})
    assert [(view.version, view.latest) for view in found] == [(1, False), (2, False), (3, True)]
