"""The main process tried on a scratch store: to its end, by the path that the real store takes."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import engine
from engine import WalkStep
from engine.storage.models import Job
from tests.drive import actor, contents
from web.demo.player import Player

STAND_INS = {"wang.fang": "cs.1", "li.ming": "qa.1", "jiang.wei": "dept.1", "shen.hao": "dept.2"}
PRODUCT = {"product_name": "弹簧式安全阀", "model": "A48Y-16C", "symptom": "客户反映：回座后持续泄漏。"}
OWNER, KEY = "jiang.bo", "version:qf_main:1"


def translated(value: object) -> object:
    """The same answer with stand-ins for the demo people."""
    if isinstance(value, Mapping):
        return {name: translated(cell) for name, cell in value.items()}
    if isinstance(value, list):
        return [translated(item) for item in value]
    return STAND_INS.get(value, value) if isinstance(value, str) else value


def answered(player: Player, walk: engine.OpenWalk, place: WalkStep) -> WalkStep:
    """The plain answer of the demo people to the open task, and for the rest what its page shows."""
    page, _ = walk.task(place)
    fields = page.form.field_names if page.form else frozenset()
    answer = player.filled(place.element_id, walk.now, place.process_id)
    shown = {name: value for name, value in page.values.items() if value not in (None, "", [])}
    values = shown | {name: translated(value) for name, value in answer.items() if name in fields}
    for name in player._file_fields(page.row, answer):
        values[name] = [engine.sample_id("照片.png")]
    return WalkStep("complete", place.process_id, place.element_id, place.position, values=values)


def test_the_main_process_is_walked_to_the_end_that_the_real_store_reaches(
    company: Session, tmp_path: Path
) -> None:
    player, who = Player(company, tmp_path, {"UT_register": PRODUCT}), actor(company, OWNER)
    before = contents(company)
    with engine.open_walk(company, who, KEY) as walk:
        began: datetime = walk.began_at
        opening = WalkStep("start", values=player.filled("SE_feedback", began) | {"gist": "泄漏"})
        assert walk.take(opening) is None
        while walk.view().case.state == "running":  # type: ignore[union-attr]
            tasks = walk.view().tasks
            step = WalkStep("next")
            if tasks:
                first = tasks[0]
                step = answered(
                    player, walk, WalkStep("complete", first.process_id, first.element_id, first.position)
                )
            refusal = walk.take(step)
            assert refusal is None, (step, refusal and refusal.message("en"))
        tried, steps = walk.view().case, walk.steps
    assert contents(company) == before
    assert tried is not None
    real = driven(company, player, began, steps)
    assert tried.outcome == real.outcome
    assert {d.process_id: (d.completed, sorted(d.flows)) for d in tried.diagrams} == {
        d.process_id: (d.completed, sorted(d.flows)) for d in real.diagrams
    }
    assert [(c.name, c.turn, c.verdict) for c in tried.clocks] == [
        (c.name, c.turn, c.verdict) for c in real.clocks
    ]


def driven(
    company: Session, player: Player, began: datetime, steps: tuple[WalkStep, ...]
) -> engine.InstanceView:
    """The same on the real store, by the demo people."""
    now = began
    case = player.start("wang.fang", now, gist="泄漏").instance_id
    for step in steps[1:]:
        if step.kind == "next":
            now = company.scalar(select(func.min(Job.due_at)).where(Job.kind == "wake", Job.state == "due"))
            company.rollback()
            engine.run_due(company.get_bind(), now=now)  # type: ignore[arg-type]
            continue
        place = step.process_id, step.element_id
        tasks = [t for t in player.open_tasks(case) if (t.process_id, t.element_id) == place]
        player.complete(tasks[0], now)
    return engine.get_instance(company, case, actor(company, "tao.ran"), now=now)
