"""A small process published three times with running cases: some were moved, of some the plan says no."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.commands.worker import run_job
from engine.schedule import jobs
from engine.storage.models import UserTask
from tests.engine.bpmn_text import diagram, flow, node
from tests.engine.houses import extended, field

PROCESS = "moving"
GISTS = ("迁移示例甲", "迁移示例乙", "迁移示例丙")
REASONS = ("第一版", "第二版", "第三版")
REASON = "修订稿已批准"
DRAFTED = "写了一半的备注"
PLAN = f"/processes/{PROCESS}/migrate?from=2&to=3"
NO_PLAN = f"/processes/{PROCESS}/migrate?from=3&to=2"
SAME = f"/processes/{PROCESS}/migrate?from=3&to=3"


def version(*fields: str) -> dict[str, bytes]:
    """Start and one task that asks for these fields."""
    ask = "".join(field(key).replace(f'label="{key}"', f'label="{LABELS[key]}"') for key in fields)
    gist = field("gist", required=True).replace('label="gist"', 'label="要点"')
    start = node("startEvent", "SE", extended(gist, name_en="Begun"), name="已开始")
    do = node("userTask", "UT_do", extended(ask, name_en="Do it"), name="办理", camunda_candidateGroups="cs")
    end = node("endEvent", "EE_done", extended(name_en="Done"), name="已完成")
    body = extended(name_en="A process whose cases move") + start + do + end
    body += flow("SE", "UT_do") + flow("UT_do", "EE_done")
    return {f"{PROCESS}.bpmn": diagram(body, PROCESS, attributes='name="案件会迁移的流程"')}


LABELS = {"note": "说明", "remark": "备注", "cause": "原因"}
VERSIONS = (version("note", "remark"), version("note", "cause"), version("note"))


def publish(session: Session, number: int, owner: engine.Actor) -> None:
    """Publishes that version."""
    with engine.transaction(session):
        engine.deploy(session, VERSIONS[number - 1], owner.person_id, REASONS[number - 1])


def draft(session: Session, case: str, worker: engine.Actor, **values: str) -> None:
    """Somebody types into the open task of a case and goes away."""
    task = session.scalars(select(UserTask.id).where(UserTask.instance_id == case)).one()
    with engine.transaction(session):
        engine.save_draft(session, task, worker, values)


def move_some(session: Session, owner: engine.Actor, worker: engine.Actor) -> str:
    """Three cases on version 1, ordered to version 2: two are moved, one keeps a draft and stays. Then there
    is version 3, which one of the two cannot go to. Returns the address of the order."""
    publish(session, 1, owner)
    cases = []
    for gist in GISTS:
        with engine.transaction(session):
            cases.append(engine.start_instance(session, PROCESS, worker, {"gist": gist}).instance_id)
    draft(session, cases[2], worker, remark=DRAFTED)
    publish(session, 2, owner)
    with engine.transaction(session):
        order = engine.start_instance_migration(session, PROCESS, owner, 1, 2, REASON)
    work(session)
    draft(session, cases[0], worker, cause=DRAFTED)
    publish(session, 3, owner)
    return f"/migrations/{order}"


def work(session: Session) -> None:
    """A worker moves what is to be moved, and does nothing else."""
    now = datetime.now(UTC)
    with engine.transaction(session):
        leased = jobs.lease(session, "test", now, 100, kinds=["instance_migration"])
    for job in leased:
        run_job(session.get_bind(), job, engine.Services(), now)  # type: ignore[arg-type]
    session.rollback()
