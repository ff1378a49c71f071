"""A company in which complaints stand at different stages, and the addresses of what is in it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import engine
from engine.commands.notices import announce_tasks
from engine.storage.models import Incident, Job, Message
from tests.web import moved
from tests.web.moved import move_some
from tests.web.twice import PROCESS, REASONS, SUBMITTED, publish_twice, submit_drafts
from web.demo.organisation import play
from web.demo.people import COLLEAGUES
from web.demo.player import REVIEWER, Player
from web.demo.stories import Story

DRAFT = {"UT_register": {"symptom": "玻璃板裂纹约两厘米，升压后渗水。", "org": "北岭造纸有限公司"}}
STORIES = {
    "closed": Story("安全阀回座后持续泄漏", "弹簧式安全阀", "A48Y-16C", "东川热力有限公司", None, 34, 9),
    "fresh": Story(
        "水位计玻璃板裂纹渗水",
        "双色水位计",
        "B49H-2.5",
        "北岭造纸有限公司",
        "UT_register",
        1,
        1,
        drafts=DRAFT,
    ),
    "helped": Story("人孔密封面渗汽", "蒸汽锅炉", "DZL4-1.25", "青河酒业有限公司", "UT_register", 1, 1),
    "planned": Story("炉门密封绳脱落", "蒸汽锅炉", "WNS6-1.6", "大通木业有限公司", "UT_plan", 4, 2),
    "acting": Story("分汽缸压力表指示偏低", "压力表", "Y-150", "百禾饲料有限公司", "UT_do", 9, 2),
    "held": Story("阀盖垫片渗漏", "截止阀", "J41H-16C", "西塘纸业有限公司", "UT_register", 1, 1),
    "waiting": Story("燃烧器点火失败", "燃气燃烧器", "RS-120", "南桥纺织印染厂", "UT_assign", 1, 1),
}
MOVED = (*moved.GISTS, *moved.REASONS, *moved.LABELS.values(), moved.REASON, moved.DRAFTED)
SET_DAY = "赶制备件"  # why the owner has set a day of the calendar
HELD = "旧版表单有误"  # why the owner has suspended a version
DELEGATED, ASKED, ANSWERED = "请补充现场情况", "请问现场压力多少？", "压力零点八兆帕。\n照片随后补上。"
TALK = {DELEGATED, ANSWERED, *(f"{ASKED}（{number + 1}）" for number in range(11))}
Addresses = dict[str, str]


def live_in(session: Session, files: Path) -> Addresses:
    """Plays `STORIES` and cancels one more; returns addresses by words as `closed`, `planned.UT_plan`."""
    now, player = datetime.now(UTC), Player(session, files)
    found: Addresses = {}
    for story in STORIES.values():
        play(session, story, files, now)
    for row in engine.list_instances(session, player.actor(REVIEWER)).items:
        name = next(name for name, story in STORIES.items() if story.gist in row.title)
        found |= _addresses(session, player.actor(REVIEWER), name, row.id)
    announce_tasks(session, now)
    publish_twice(session, "jiang.bo")
    _help_out(session, player, found)
    found["moved"] = move_some(session, player.actor("jiang.bo"), player.actor("wang.fang"))
    found["moved.left"] = f"{found['moved']}?state=left"
    found |= submit_drafts(session, "jiang.bo")
    _leave_trouble(session, player.actor("jiang.bo"), found["acting"].split("/")[-1], now)
    engine.cancel_instance(session, found["waiting"].split("/")[-1], player.actor("chen.jing"), "客户撤回。")
    hold = "等待客户补充照片。"
    engine.suspend_instance(session, found["held"].split("/")[-1], player.actor("chen.jing"), hold)
    held = {"id": engine.get_definition(session, PROCESS, player.actor("jiang.bo"), version=1).definition_id}
    engine.suspend_definition(session, player.actor("jiang.bo"), HELD, **held)
    session.commit()
    return found


def _help_out(session: Session, player: Player, found: Addresses) -> None:
    """One task is delegated and talked about."""
    registers, helper = player.actor("wang.fang"), player.actor("jiang.wei")
    helped = found["helped.UT_register"].rpartition("/")[2]
    for number in range(11):
        engine.add_comment(session, helped, registers, f"{ASKED}（{number + 1}）")
    engine.delegate_task(session, helped, registers, helper.person_id, DELEGATED)
    engine.add_comment(session, helped, helper, ANSWERED)
    session.commit()


def _leave_trouble(session: Session, owner: engine.Actor, instance_id: str, now: datetime) -> None:
    """What waits for an operator: two failed jobs, a dead letter and a pending one; and a day set in the
    calendar."""
    carried = {"order_no": "DD-2026-0117", "phone": "13912345678"}
    for name in ("customer_accepted", "supplier_replied"):
        engine.correlate_message(session, name, owner, payload=carried, now=now - timedelta(hours=9))
    dead = session.scalars(select(Message).where(Message.name == "supplier_replied")).one()
    dead.state = "dead"
    mail = {"key": None, "instance_id": instance_id, "payload": {}, "due_at": now, "created_at": now}
    session.add(Job(id="job-mail", kind="mail", state="failed", attempts=6, most_attempts=6, fence=9, **mail))
    session.flush()
    session.execute(update(Job).where(Job.id == dead.job_id).values(state="failed", attempts=6))
    causes = {"message": "Nobody waits for “supplier_replied”.", "mail": "The mail server refused."}
    chinese = {"message": "没有案件在等待消息“supplier_replied”。", "mail": "邮件服务器拒绝了。"}
    for kind, job in (("message", dead.job_id), ("mail", "job-mail")):
        case = instance_id if kind == "mail" else None
        facts = {"cause": causes[kind], "cause_zh": chinese[kind], "opened_at": now, "attempts": 6}
        session.add(Incident(id=f"incident-{kind}", job_id=job, kind=kind, instance_id=case, **facts))
    engine.set_calendar_day(session, date(now.year, 10, 1), True, owner, SET_DAY, now=now)
    session.commit()


def _addresses(session: Session, reader: engine.Actor, name: str, instance_id: str) -> Addresses:
    case = engine.get_instance(session, instance_id, reader)
    tasks = {f"{name}.{task.element_id}": f"/tasks/{task.id}" for task in case.tasks}
    records = {
        f"{name}.{record.record_id}": f"/instances/{case.id}/records/{record.number}"
        for record in case.records
    }
    return {name: f"/instances/{case.id}"} | tasks | records


def typed_texts(session: Session, readers: Iterable[str]) -> set[str]:
    """What people wrote themselves, as each of `readers` sees it (contacts may be masked), and names."""
    player, texts = Player(session, Path()), {colleague.name for colleague in COLLEAGUES}
    for reader in map(player.actor, readers):
        for row in engine.list_instances(session, reader).items:
            case = engine.get_instance(session, row.id, reader)
            texts |= {case.title} | {file.filename for file in case.attachments}
            texts |= {event.reason for event in case.history if event.reason}
            for item in case.submissions:
                texts |= set(_written(item.form, item.values))
    drafted = {text for draft in DRAFT.values() for text in draft.values()}
    return texts | drafted | {"首次发布", SET_DAY, HELD, *REASONS, *TALK, *MOVED, *SUBMITTED}


def _written(form: engine.Form | None, values: dict[str, object]) -> Iterable[str]:
    """The texts of the fields in which people write freely; choices are the product's own words."""
    for field in form.inputs if form else ():
        value = values.get(field.key)
        if field.type in ("text", "textarea") and isinstance(value, str):
            yield value
            yield from value.splitlines()
        for row in value if field.type == "table" and isinstance(value, list) else ():
            free = [column.key for column in field.columns if column.type in ("text", "textarea")]
            yield from (str(row[key]) for key in free if row.get(key))
