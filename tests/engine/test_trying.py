"""Walks: what is tried on a scratch store is what would run, and nothing of it reaches the record."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import engine
from engine import WalkStep, WalkView
from engine.commands.trying.scenarios import FOUND
from engine.commands.trying.scratch import STORES
from engine.commands.trying.steps import LONGEST_WAIT, MOST_STEPS, written
from engine.errors import (
    BadScenario,
    BadWalkStep,
    BundleRefused,
    DefinitionDraftNotFound,
    FormInvalid,
    MessageNotTaken,
    NotAllowed,
    NothingDue,
    NotOpenInWalk,
    NotStarted,
    ProcessNotFound,
    ReasonRequired,
    ScenarioNotFound,
    StaleScenario,
    StaleWalk,
    WalkTooLong,
)
from engine.storage.models import DefinitionScenario, Job
from tests.drive import Clock, House, contents, sign_up
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import END, REWORK, START, extended, field, task
from tests.engine.test_external import CODE, GUARDED

P = "version:p:1"
BEGIN = WalkStep("start", values={"gist": "漏水", "phone": "138"})
REAL_FILES = Path(__file__).parents[2] / "bpmn"


def done(element: str, position: int = 0, process: str = "p", **values: object) -> WalkStep:
    """Somebody completes a task."""
    return WalkStep("complete", process, element, position, values=values)


def take(house: House, *steps: WalkStep, key: str = P, who: str = "owner") -> WalkView:
    """The owner walks on and keeps it; a step that cannot be taken raises."""
    with engine.open_walk(house.session, house.actor(who), key, now=house.clock.now) as walk:
        for step in steps:
            refusal = walk.take(step)
            if refusal:
                raise refusal
        view, kept = walk.view(), walk.steps
        began, revision = walk.began_at, walk.revision
    with engine.transaction(house.session):
        engine.keep_walk(house.session, house.actor(who), key, kept, revision, began, now=house.clock.now)
    return view


def look(house: House, key: str = P) -> WalkView:
    """The walk as it is kept."""
    with engine.open_walk(house.session, house.actor("owner"), key, now=house.clock.now) as walk:
        return walk.view()


def waits(view: WalkView) -> list[str]:
    """The elements at which the case that is tried waits for people."""
    return sorted(task.element_id for task in view.tasks)


def facts(case: engine.InstanceView) -> dict[str, object]:
    """What must be the same in the scratch store and in the real one."""
    return {
        "outcome": case.outcome,
        "paths": [(d.process_id, d.completed, sorted(d.flows), list(d.inside)) for d in case.diagrams],
        "open": sorted((t.element_id, t.due_at, t.candidate_groups) for t in case.tasks),
        "clocks": [(c.name, c.turn, c.verdict, c.due_at, c.stopped_at) for c in case.clocks],
        "values": {(v.name): v.value for v in case.variables if not v.personal},
        "told": [(e.at, e.kind, e.element_id) for e in case.history],
        "records": [row.number for row in case.records],
    }


@pytest.fixture
def rework(house: Callable[[Mapping[str, bytes]], House]) -> House:
    """Do, check by somebody else who signs, and again until it is good."""
    return house(REWORK)


def test_a_walk_gives_the_path_and_the_outcome_of_the_same_steps_on_the_real_store(rework: House) -> None:
    steps = [BEGIN, done("UT_do", note="修"), done("UT_check", good=False), done("UT_do", note="再修")]
    tried = take(rework, *steps, done("UT_check", good=True)).case
    case = rework.start("p", gist="漏水", phone="138")
    for element, who, values in [
        ("UT_do", "cs", {"note": "修"}), ("UT_check", "qa", {"good": False}),
        ("UT_do", "cs", {"note": "再修"}), ("UT_check", "qa", {"good": True}),
    ]:  # fmt: skip
        case.complete(element, who, **values)
    assert tried is not None
    assert tried.outcome == engine.Text("已完成", "")
    assert facts(tried) == facts(case.view())


def test_nothing_of_a_walk_reaches_the_record(rework: House) -> None:
    case = rework.start("p", gist="真的")
    case.complete("UT_do", "cs", note="真")
    before, counted = contents(rework.session), measured()
    take(
        rework,
        BEGIN,
        done("UT_do", note="假"),
        WalkStep("wait", seconds=90 * 3600),
        done("UT_check", good=True),
    )
    after = contents(rework.session)
    assert not before.pop("definition_walk")
    assert after.pop("definition_walk")
    assert after == before
    assert measured() == counted
    assert rework.start("p", gist="下一件").business_key == "QF-2026-000002"


def measured() -> dict[str, float]:
    """Every number for the monitors that the engine counts."""
    samples = [sample for metric in REGISTRY.collect() for sample in metric.samples]
    return {
        f"{s.name}{sorted(s.labels.items())}": s.value
        for s in samples
        if s.name.startswith("zhihuan") and not s.name.endswith("_created")
    }


def test_a_refused_step_changes_nothing_and_says_why(rework: House) -> None:
    take(rework, BEGIN)
    counted = measured()
    with engine.open_walk(rework.session, rework.actor("owner"), P) as walk:
        before = facts(walk.view().case)  # type: ignore[arg-type]
        refusal = walk.take(done("UT_do", note=""))
        assert isinstance(refusal, FormInvalid)
        assert [problem.field for problem in refusal.problems] == ["note"]
        assert facts(walk.view().case) == before  # type: ignore[arg-type]
        assert walk.steps == (BEGIN,)
        assert walk.take(done("UT_do", note="修")) is None
    assert measured() == counted
    assert waits(look(rework)) == ["UT_do"]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (done("UT_check", good=True), NotOpenInWalk),
        (done("UT_do", 1, note="x"), NotOpenInWalk),
        (WalkStep("result", "p", "UT_do"), NotOpenInWalk),
        (WalkStep("next"), NothingDue),
        (WalkStep("message", name="无人"), MessageNotTaken),
    ],
)
def test_what_cannot_be_done_now_is_refused_in_plain_words(
    rework: House, step: WalkStep, error: type[engine.errors.EngineError]
) -> None:
    take(rework, BEGIN)
    with pytest.raises(error) as refused:
        take(rework, step)
    assert refused.value.message("zh")
    assert "{" not in refused.value.message("en")


def test_before_the_start_nothing_is_open(rework: House) -> None:
    assert look(rework).case is None
    with pytest.raises(NotStarted):
        take(rework, done("UT_do"))


def test_stand_ins_obey_four_eyes(rework: House) -> None:
    view = take(rework, BEGIN, done("UT_do", note="修"))
    with engine.open_walk(rework.session, rework.actor("owner"), P) as walk:
        page, who = walk.task(WalkStep("complete", "p", "UT_check"))
        assert who.person_id == "qa.1"
        assert page.can_complete
    alone = diagram(
        START + task("UT_do") + task("UT_check", notBy="UT_do") + END
        + flow("SE", "UT_do") + flow("UT_do", "UT_check") + flow("UT_check", "EE_done")
    )  # fmt: skip
    rework.deploy({"p.bpmn": alone})
    take(rework, BEGIN, done("UT_do"), key="version:p:2")
    with engine.open_walk(rework.session, rework.actor("owner"), "version:p:2") as walk:
        assert walk.task(WalkStep("complete", "p", "UT_check"))[1].person_id == "cs.2"
    assert waits(view) == ["UT_check"]


TIMED = {
    "p.bpmn": diagram(
        node("startEvent", "SE", extended(field("gist"), field("phone"), clock_start="answer PT48H"))
        + task("UT_do", due="${due('answer')}", clock_stop="answer") + END
        + task("UT_late")
        + '<boundaryEvent id="TB_late" attachedToRef="UT_do" cancelActivity="false">'
        "<outgoing>TB_late_UT_late</outgoing>"
        "<timerEventDefinition><timeDuration>PT24H</timeDuration></timerEventDefinition></boundaryEvent>"
        + node("endEvent", "EE_late", name="已催办")
        + flow("SE", "UT_do") + flow("UT_do", "EE_done") + flow("TB_late", "UT_late")
        + flow("UT_late", "EE_late"),
    )
}  # fmt: skip


def test_the_driven_clock_fires_timers_when_they_are_due(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(TIMED)
    view = take(at_home, BEGIN)
    assert view.next_due == at_home.clock.now + timedelta(hours=24)
    view = take(at_home, WalkStep("next"))
    assert view.now == at_home.clock.now + timedelta(hours=24)
    assert waits(view) == ["UT_do", "UT_late"]
    assert take(at_home, WalkStep("wait", seconds=3600)).now == at_home.clock.now + timedelta(hours=25)


def test_a_long_wait_lets_everything_happen_at_its_own_time(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(TIMED)
    began = at_home.clock.now
    tried = take(at_home, BEGIN, WalkStep("wait", seconds=10 * 86400)).case
    case = at_home.start("p", gist="漏水", phone="138")
    earliest = select(func.min(Job.due_at)).where(Job.state == "due")
    while due := at_home.session.scalar(earliest):  # a worker that is there whenever something is due
        engine.run_due(at_home.session.get_bind(), now=due)
        at_home.session.rollback()
    assert tried is not None
    assert facts(tried) == facts(case.view())
    assert next(e.at - began for e in tried.history if e.kind == "time") == timedelta(hours=24)


MESSAGES = {
    "p.bpmn": diagram(
        START + node("receiveTask", "RT_reply", name="等答复", messageRef="M")
        + task("UT_do", field("answer"))
        + END + flow("SE", "RT_reply") + flow("RT_reply", "UT_do") + flow("UT_do", "EE_done"),
        more='<message id="M" name="答复"/>',
    )
}  # fmt: skip


def test_a_message_reaches_the_element_that_waits_for_it(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(MESSAGES)
    view = take(at_home, BEGIN)
    assert (view.awaited, waits(view)) == (("答复",), [])
    view = take(at_home, WalkStep("message", name="答复", values={"answer": "已查"}))
    assert waits(view) == ["UT_do"]
    assert [(m.name, m.state, m.payload) for m in view.messages] == [
        ("答复", "delivered", {"answer": "已查"})
    ]
    assert view.case is not None
    assert {v.name: v.value for v in view.case.variables}["answer"] == "已查"


def test_a_program_s_result_or_its_error_takes_the_case_on(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(GUARDED)
    view = take(at_home, BEGIN)
    assert [(s.element_id, s.topic, s.name.zh) for s in view.services] == [("ST_test", "lims", "送检")]
    with engine.open_walk(at_home.session, at_home.actor("owner"), P) as walk:
        assert walk.take(WalkStep("result", "p", "ST_test", values={"result": "good"})) is None
        case = walk.view().case
        assert case is not None
        assert case.outcome == engine.Text("已完成", "")
    assert waits(take(at_home, WalkStep("error", "p", "ST_test", name=CODE))) == ["UT_buy"]


MANY = {
    "p.bpmn": diagram(
        START
        + node(
            "userTask", "UT_each",
            extended(field("said")) + "<multiInstanceLoopCharacteristics><loopCardinality>4</loopCardinality>"
            "</multiInstanceLoopCharacteristics>",
            name="各说一句", camunda_candidateGroups="cs",
        )
        + END + flow("SE", "UT_each") + flow("UT_each", "EE_done")
    )
}  # fmt: skip


def test_of_several_tasks_of_an_element_the_same_one_is_meant_at_every_replay(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(MANY)
    take(at_home, BEGIN, done("UT_each", 2, said="三"), done("UT_each", 2, said="四"))
    turns = set()
    for _ in range(3):
        forget()
        case = look(at_home).case
        assert case is not None
        said = [s.values["said"] for s in case.submissions if s.element_id == "UT_each"]
        turns.add((tuple(said), len(case.tasks)))
    assert turns == {(("三", "四"), 2)}


def forget() -> None:
    """Nothing that was walked is remembered."""
    STORES._held.clear()


def test_a_walk_replayed_from_its_steps_is_the_walk_that_was_remembered(rework: House) -> None:
    at_once = take(rework, BEGIN, done("UT_do", note="修"), WalkStep("wait", seconds=7200)).case
    forget()
    again = look(rework).case
    assert at_once is not None
    assert again is not None
    assert facts(at_once) == facts(again)


def test_a_file_on_a_form_is_only_named(house: Callable[[Mapping[str, bytes]], House]) -> None:
    form = b'{"type":"default","id":"f","components":[{"type":"filepicker","key":"photos","id":"a",'
    form += '"label":"照片","multiple":true,"validate":{"required":true}}]}'.encode()
    body = START + node("userTask", "UT_do", name="拍照", camunda_formRef="f", camunda_candidateGroups="cs")
    at_home = house(
        {"p.bpmn": diagram(body + END + flow("SE", "UT_do") + flow("UT_do", "EE_done")), "f.form": form}
    )
    photo = engine.sample_id("C:\\fakepath\\现场.png")
    view = take(at_home, BEGIN, done("UT_do", photos=[photo]))
    assert view.case is not None
    assert view.case.outcome is not None
    assert [file.filename for file in view.case.attachments] == ["现场.png"]
    assert not at_home.folder.exists()


def test_a_called_process_is_tried_alone_with_what_it_would_be_handed(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    body = (
        node("startEvent", "SE", extended(sets="urgent"))
        + node("exclusiveGateway", "XG", name="急？", default="XG_EE_done")
        + END
    )
    body += task("UT_fast") + flow("SE", "XG") + flow("XG", "UT_fast", "${urgent == true}")
    at_home = house({"p.bpmn": diagram(body + flow("XG", "EE_done") + flow("UT_fast", "EE_done"),
                                       attributes='camunda:isStartableInTasklist="false"')})  # fmt: skip
    view = look(at_home)
    assert view.started_by == "values"
    assert waits(take(at_home, WalkStep("start", values={"urgent": True, "unheard": 1}))) == ["UT_fast"]


def test_a_version_and_a_draft_of_it_are_walked_apart_by_each_person(rework: House) -> None:
    with engine.transaction(rework.session):
        draft = engine.create_definition_draft(rework.session, rework.actor("owner"), "p", "改一改")
    take(rework, BEGIN)
    assert look(rework, f"draft:{draft}").case is None
    take(rework, BEGIN, done("UT_do", note="修"), key=f"draft:{draft}")
    assert waits(look(rework)) == ["UT_do"]
    assert waits(look(rework, f"draft:{draft}")) == ["UT_check"]


def test_a_step_that_the_changed_draft_no_longer_allows_is_said_and_can_be_undone(rework: House) -> None:
    who = rework.actor("owner")
    with engine.transaction(rework.session):
        draft = engine.create_definition_draft(rework.session, who, "p", "改一改")
    key = f"draft:{draft}"
    take(rework, BEGIN, done("UT_do", note="修"), done("UT_check", good=True), key=key)
    renamed = REWORK["p.bpmn"].replace(b"UT_check", b"UT_judge")
    with engine.transaction(rework.session):
        engine.save_definition_file(rework.session, who, draft, "p.bpmn", renamed, 1)
    with engine.open_walk(rework.session, who, key) as walk:
        assert walk.failed is not None
        place, why = walk.failed
        assert (place, type(why), len(walk.steps)) == (2, NotOpenInWalk, 2)
        assert waits(walk.view()) == ["UT_judge"]
        assert walk.take(WalkStep("wait", seconds=60)) is why
        kept, began, revision = walk.steps, walk.began_at, walk.revision
    with engine.transaction(rework.session):
        engine.keep_walk(rework.session, who, key, kept, revision, began)
    assert look(rework, key).failed is None


def test_a_draft_with_errors_cannot_be_walked(rework: House) -> None:
    who = rework.actor("owner")
    with engine.transaction(rework.session):
        draft = engine.create_definition_draft(rework.session, who, "p", "改一改")
        broken = REWORK["p.bpmn"].replace(b"${good == true}", b"${unheard == true}")
        engine.save_definition_file(rework.session, who, draft, "p.bpmn", broken, 1)
    with pytest.raises(BundleRefused) as refused, engine.open_walk(rework.session, who, f"draft:{draft}"):
        pass
    assert "unheard" in refused.value.message("en")


@pytest.mark.parametrize("who", ["staff", "compliance", "admin", "it"])
def test_only_who_publishes_walks(rework: House, who: str) -> None:
    with pytest.raises(NotAllowed), engine.open_walk(rework.session, rework.actor(who), P):
        pass
    with pytest.raises(NotAllowed):
        engine.keep_walk(rework.session, rework.actor(who), P, [], 0, rework.clock.now)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("draft:" + "0" * 36, DefinitionDraftNotFound),
        ("version:nowhere:1", ProcessNotFound),
        ("x", ProcessNotFound),
    ],
)
def test_only_what_is_there_is_walked(
    rework: House, key: str, error: type[engine.errors.EngineError]
) -> None:
    with pytest.raises(error), engine.open_walk(rework.session, rework.actor("owner"), key):
        pass


def test_of_two_windows_one_goes_on(rework: House) -> None:
    who, began = rework.actor("owner"), rework.clock.now
    assert engine.keep_walk(rework.session, who, P, [BEGIN], 0, began) == 1
    with pytest.raises(StaleWalk):
        engine.keep_walk(rework.session, who, P, [], 0, began)


def test_a_walk_is_bounded(rework: House) -> None:
    who, began = rework.actor("owner"), rework.clock.now
    hour = WalkStep("wait", seconds=3600)
    with pytest.raises(WalkTooLong):
        engine.keep_walk(rework.session, who, P, [hour] * (MOST_STEPS + 1), 0, began)
    with pytest.raises(WalkTooLong):
        engine.keep_walk(rework.session, who, P, [done("UT_do", note="x" * 600_000)], 0, began)
    for bad in (0, -1, LONGEST_WAIT.total_seconds() + 1):
        with pytest.raises(BadWalkStep):
            WalkStep("wait", seconds=int(bad))
    with pytest.raises(BadWalkStep):
        WalkStep("fly")


OFTEN = TIMED["p.bpmn"].replace(
    b"<timeDuration>PT24H</timeDuration>", b"<timeCycle>R/PT1S</timeCycle>"
)
"""Ten years of seconds."""


def test_a_timer_that_never_rests_does_not_hold_the_page_up(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house({"p.bpmn": OFTEN})
    take(at_home, BEGIN)
    with engine.open_walk(at_home.session, at_home.actor("owner"), P) as walk:
        walk.walking.deadline = time.thread_time() + 0.5
        assert isinstance(walk.take(WalkStep("wait", seconds=3600)), WalkTooLong)
        assert waits(walk.view()) == ["UT_do"]


def keep(house: House, name: str, *variables: str, key: str = P) -> str:
    """The owner keeps the walk as a scenario."""
    who = house.actor("owner")
    with engine.transaction(house.session), engine.open_walk(house.session, who, key) as walk:
        return engine.save_scenario(house.session, who, walk, name, variables)


def test_all_scenarios_together_have_so_much_time_and_those_left_over_are_not_run(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    """Each of them can be run by itself; what is known is not worked out again."""
    at_home = house({"p.bpmn": OFTEN})
    take(at_home, BEGIN)
    endless, short = keep(at_home, "1 无尽"), keep(at_home, "2 很短")
    kept = at_home.session.get_one(DefinitionScenario, endless)
    with engine.transaction(at_home.session):
        kept.steps = [*kept.steps, *written([WalkStep("wait", seconds=10_000_000)])]

    def ran(seconds: float, only: str | None = None) -> list[tuple[str, bool, bool]]:
        found = engine.run_scenarios(
            at_home.session, "p", {"p.bpmn": OFTEN}, only=only, seconds=seconds
        )
        return [(one.scenario_id, one.ran, one.red) for one in found]

    FOUND._held.clear()
    assert ran(0) == [(endless, False, False), (short, False, False)]
    remembered = list(STORES._held)
    assert ran(1) == [(endless, True, True), (short, False, False)]
    assert ran(5, short) == [(short, True, False)]
    assert ran(0) == [(endless, False, False), (short, True, False)]
    assert list(STORES._held) == remembered  # nobody's walk is forgotten for them


def results(house: House, files: Mapping[str, bytes]) -> list[tuple[str, bool, str]]:
    """What a publication of these files shows of each scenario."""
    return [
        (r.name, r.passed, r.difference.en if r.difference else "")
        for r in engine.run_scenarios(house.session, "p", files)
    ]


def test_scenarios_are_green_for_what_they_were_walked_on_and_red_for_what_differs(rework: House) -> None:
    take(rework, BEGIN, done("UT_do", note="修"))
    keep(rework, "等审核", "note")
    take(rework, done("UT_check", good=True))
    keep(rework, "一次通过", "good")
    before = contents(rework.session)
    assert results(rework, REWORK) == [("一次通过", True, ""), ("等审核", True, "")]
    text = REWORK["p.bpmn"].decode()
    never = text.replace("${good == true}", "${good == false}")
    assert results(rework, {"p.bpmn": never.encode()})[0] == (
        "一次通过", False, "the end: “已完成” expected, it still runs found."
    )  # fmt: skip
    renamed = text.replace("UT_check", "UT_judge")
    assert results(rework, {"p.bpmn": renamed.encode()}) == [
        ("一次通过", False, "Step 3 (complete UT_check): “UT_check” is not open at this point of the walk; "
         "open: UT_judge."),
        ("等审核", False, "what waits: UT_check expected, “做check” found."),
    ]  # fmt: skip
    broken = text.replace("good == true", "unheard == true")
    assert [passed for _, passed, _ in results(rework, {"p.bpmn": broken.encode()})] == [False, False]
    assert contents(rework.session) == before


def test_a_scenario_expects_values_and_the_verdicts_of_clocks(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    at_home = house(TIMED)
    take(at_home, BEGIN, WalkStep("wait", seconds=7200), done("UT_do"))
    keep(at_home, "按时", "gist")
    assert results(at_home, TIMED) == [("按时", True, "")]
    short = TIMED["p.bpmn"].replace(b"answer PT48H", b"answer PT1H")
    assert results(at_home, {"p.bpmn": short}) == [
        ("按时", False, "time limit “answer”: on time expected, late found.")
    ]


def test_a_scenario_has_a_name_of_its_own_and_a_walk_that_started(rework: House) -> None:
    with pytest.raises(BadScenario):
        keep(rework, "还没发起")
    take(rework, BEGIN)
    first = keep(rework, "  等  办理 ")
    for name in ("等 办理", "", " ", "x" * 101, "a\x07"):
        with pytest.raises(BadScenario):
            keep(rework, name)
    second = keep(rework, "另一个")
    who = rework.actor("owner")
    with pytest.raises(BadScenario):
        engine.rename_scenario(rework.session, who, second, "等 办理", 1)
    engine.rename_scenario(rework.session, who, first, "等办理", 1)
    with pytest.raises(StaleScenario):
        engine.rename_scenario(rework.session, who, first, "再改", 1)
    page = engine.list_scenarios(rework.session, "p", rework.actor("compliance"))
    assert [(row.name, row.steps) for row in page.items] == [("另一个", 1), ("等办理", 1)]


def test_a_deleted_scenario_runs_no_more_and_is_kept_with_its_reason(rework: House) -> None:
    take(rework, BEGIN)
    scenario, who = keep(rework, "等办理"), rework.actor("owner")
    with pytest.raises(ReasonRequired):
        engine.delete_scenario(rework.session, who, scenario, " ", 1)
    with engine.transaction(rework.session):
        engine.delete_scenario(rework.session, who, scenario, "已无此情形", 1)
    assert results(rework, REWORK) == []
    with pytest.raises(ScenarioNotFound):
        engine.get_scenario(rework.session, scenario, who)
    (row,) = contents(rework.session)["definition_scenario"]
    assert "已无此情形" in row  # type: ignore[operator]
    keep(rework, "等办理")


def test_a_scenario_becomes_the_walk_of_whoever_wants_to_see_it(rework: House) -> None:
    take(rework, BEGIN, done("UT_do", note="修"))
    scenario, who = keep(rework, "等审核"), rework.actor("owner")
    take(rework, done("UT_check", good=True))
    with engine.transaction(rework.session), engine.open_walk(rework.session, who, P) as walk:
        engine.walk_scenario(rework.session, who, scenario, walk)
    assert waits(look(rework)) == ["UT_check"]


@pytest.mark.parametrize("who", ["staff", "compliance", "it"])
def test_only_who_publishes_changes_scenarios(rework: House, who: str) -> None:
    take(rework, BEGIN)
    scenario, other = keep(rework, "等办理"), rework.actor(who)
    with pytest.raises(NotAllowed):
        engine.rename_scenario(rework.session, other, scenario, "x", 1)
    with pytest.raises(NotAllowed):
        engine.delete_scenario(rework.session, other, scenario, "x", 1)
    with pytest.raises(NotAllowed), engine.open_walk(rework.session, rework.actor("owner"), P) as walk:
        engine.save_scenario(rework.session, other, walk, "y")


def test_two_save_a_scenario_of_one_name_or_a_walk_in_two_windows_on_every_database(
    each_database: Engine, tmp_path: Path
) -> None:
    with Session(each_database) as session:
        sign_up(session)
        home = House(session, Clock(), tmp_path).deploy(REWORK)
        take(home, BEGIN)
        keep(home, "等办理")
        assert results(home, REWORK) == [("等办理", True, "")]
        with pytest.raises(BadScenario):
            keep(home, "等办理")
        assert waits(look(home)) == ["UT_do"]


def test_a_message_that_a_walk_sends_is_seen_there_and_counted_nowhere(
    house: Callable[[Mapping[str, bytes]], House],
) -> None:
    thrown = '<messageEventDefinition messageRef="M"/>'
    body = START + node("intermediateThrowEvent", "TE_tell", thrown, name="已告知") + task("UT_do") + END
    body += flow("SE", "TE_tell") + flow("TE_tell", "UT_do") + flow("UT_do", "EE_done")
    at_home = house({"p.bpmn": diagram(body, more='<message id="M" name="告知"/>')})
    before, counted = contents(at_home.session), measured()
    view = take(at_home, BEGIN)
    assert [(m.name, m.state, m.sender) for m in view.messages] == [("告知", "pending", "QF-2026-000001")]
    after = contents(at_home.session)
    assert after.pop("definition_walk")
    assert after == {name: rows for name, rows in before.items() if name != "definition_walk"}
    assert measured() == counted
