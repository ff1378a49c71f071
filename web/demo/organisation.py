"""Sets the demo organisation up: the people once, the complaints once."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy.orm import Session

import engine
from engine.errors import Lang, TaskNotOpen
from web.demo.people import COLLEAGUES, PASSWORD
from web.demo.player import Player
from web.demo.stories import STORIES, Story

MAX_STEPS = 200
SHANGHAI = timezone(timedelta(hours=8))
OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30  # minutes of the day
SUNDAY = 6
BRISK = {"qf_intake": 1.5, "qf_investigate": 3.0, "qf_decide": 3.0}  # hours: where 24 and 48 hours press
HEADING: dict[Lang, tuple[str, str, str]] = {
    "zh": ("岗位组", "用户名", "密码"),
    "en": ("group", "name", "password"),
}
FRESH = 3  # days: a case younger than this moves by the clock on the wall, so that it is not late at once


def set_up(session: Session, files: Path, now: datetime | None = None) -> bool:
    """Creates people and complaints; False, and nothing changed, where the demo people are there already."""
    if is_set_up(session):
        return False
    for colleague in COLLEAGUES:
        engine.create_person(
            session, colleague.person_id, colleague.name, PASSWORD, colleague.groups,
            must_change_password=False, by="system", reason="演示组织", now=now,
        )  # fmt: skip
    session.commit()
    today = now or datetime.now(UTC)
    for story in sorted(STORIES, key=lambda story: -story.started):
        play(session, story, files, today)
    return True


def is_set_up(session: Session) -> bool:
    """Whether the demo people are there."""
    return engine.get_actor(session, COLLEAGUES[0].person_id) is not None


def play(session: Session, story: Story, files: Path, today: datetime) -> str:
    """Opens the story's case and completes its tasks in order until `today`. Returns the case number."""
    player = Player(session, files, _answers(story))
    now = today - timedelta(days=story.started)
    recent = story.started < FRESH
    now = now if recent else before(now)
    started = player.start(story.by, now, gist=story.gist, product_name=story.product)
    for _ in range(MAX_STEPS):
        tasks = _next_tasks(player, started.instance_id, story)
        if not tasks:
            return started.business_key
        now = min(_next_moment(now, story.pace, recent, tasks[0].process_id), today)
        if not any(_done(player, task, now) for task in tasks):
            return started.business_key
    raise RuntimeError(f"{started.business_key} does not come to {story.until or 'its end'}")


def before(moment: datetime) -> datetime:
    """`moment`, or the last time before it at which somebody was at work."""
    local = moment.astimezone(SHANGHAI)
    if _minute(local) > CLOSES:
        local = local.replace(hour=15, minute=local.minute // 2)
    elif _minute(local) < OPENS:
        local = (local - timedelta(days=1)).replace(hour=15, minute=local.minute // 2)
    while local.weekday() == SUNDAY:
        local -= timedelta(days=1)
    return local.astimezone(UTC)


def after(moment: datetime, hours: float) -> datetime:
    """`hours` of working time after `moment`: Monday to Saturday, 8:30 to 17:30 in Shanghai."""
    local, left = moment.astimezone(SHANGHAI), timedelta(hours=hours)
    while True:
        closing = local.replace(hour=CLOSES // 60, minute=CLOSES % 60)
        if local + left <= closing:
            return (local + left).astimezone(UTC)
        left -= max(closing - local, timedelta())
        local = (local + timedelta(days=1)).replace(hour=OPENS // 60, minute=OPENS % 60)
        while local.weekday() == SUNDAY:
            local += timedelta(days=1)


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def sign_in_lines(language: Lang = "zh") -> list[str]:
    """Who can sign in, one line each: group, name, password."""
    group, name, password = HEADING[language]
    wide = sum(not char.isascii() for char in group), sum(not char.isascii() for char in name)  # two columns
    heading = f"{group:<{12 - wide[0]}} {name:<{16 - wide[1]}} {password}"
    return [heading] + [f"{c.group:<12} {c.person_id:<16} {PASSWORD}   {c.name}" for c in COLLEAGUES]


def _answers(story: Story) -> dict[str, dict[str, object]]:
    register = {
        "product_name": story.product,
        "model": story.model,
        "org": story.org,
        "symptom": f"客户反映：{story.gist}。设备已按说明书操作，问题可以重现。",
    }
    answers = {element: dict(answer) for element, answer in story.answers.items()}
    answers["UT_register"] = register | answers.get("UT_register", {})
    return answers


def _next_moment(now: datetime, pace: float, recent: bool, process_id: str) -> datetime:
    """When the next task is completed: after `pace` hours of work, sooner where the limits are short."""
    if recent:
        return now + timedelta(hours=pace)
    return after(now, min(pace, BRISK.get(process_id, pace)))


def _done(player: Player, task: engine.TaskRow, now: datetime) -> bool:
    """Completes the task; False if time has taken it away by now, as from a superior who did not act."""
    try:
        player.complete(task, now)
    except TaskNotOpen:
        player.session.rollback()
        return False
    return True


def _next_tasks(player: Player, instance_id: str, story: Story) -> list[engine.TaskRow]:
    """The tasks that may be completed next; none where the story waits or the case has ended."""
    tasks = []
    for task in player.open_tasks(instance_id):
        if story.until not in (task.element_id, f"{task.process_id}.{task.element_id}"):
            tasks.append(task)
        elif draft := story.drafts.get(task.element_id):
            engine.save_draft(player.session, task.id, player.actor(player.somebody_for(task)), dict(draft))
            player.session.commit()
    return tasks
