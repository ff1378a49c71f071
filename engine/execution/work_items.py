"""Tasks for people: who may do them and until when, worked out when the task opens."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from engine.diagram.element import MAX_PRIORITY, Element
from engine.elements.timers import after, moment
from engine.errors import BadTimer, ExpressionError
from engine.execution.instance import Instance, failure
from engine.execution.step import ExternalItem, WorkItem
from engine.execution.trace import enclosing_instance, place_of

Item = TypeVar("Item")
NORMAL_PRIORITY = 50  # Camunda's default
LONGEST_ID = 64  # of a person or a group
END_OF_DAY = time(23, 59, 59)


def work_item(instance: Instance, task: Any) -> WorkItem:
    """The work item of a task that has become ready. Raises ElementFailed if one of its templates cannot
    be evaluated."""
    element = instance.bundle.elements[place_of(task)]
    return _guarded(instance, task, lambda: _filled(instance, task, element))


def external_item(instance: Instance, task: Any) -> ExternalItem:
    """The item of a service task that has become ready for a program. Raises ElementFailed likewise."""
    return _guarded(instance, task, lambda: _asked(instance, task))


def _guarded(instance: Instance, task: Any, fill: Callable[[], Item]) -> Item:
    instance.asking = task
    try:
        return fill()
    except (ExpressionError, BadTimer, ValueError, TypeError, OverflowError) as error:
        raise failure(task, error) from error


def _asked(instance: Instance, task: Any) -> ExternalItem:
    facts, (process_id, element_id) = task.task_spec.extensions["service"], place_of(task)
    topic = str(instance.names.fill(facts["topic"], task.data) or "").strip()
    if not 0 < len(topic) <= LONGEST_ID:
        raise ValueError(f"not a topic: {topic[:80]}")
    priority = instance.names.fill(facts["priority"], task.data) if "priority" in facts else 0
    hidden = task.internal_data.get("hidden", {})
    return ExternalItem(
        task.text_id, process_id, element_id, enclosing_instance(task), topic, _priority(priority),
        {name: task.data[name] for name in hidden if name in task.data},
    )  # fmt: skip


def reads_clock(instance: Instance, task: Any, moved: set[str]) -> bool:
    """Whether the due or follow-up time of an open task reads one of these clocks."""
    element = instance.bundle.elements[place_of(task)]
    instance.clocks_read.clear()
    for text in (element.due_date, element.follow_up):
        if text:
            instance.template(task, text)
    return not moved.isdisjoint(instance.clocks_read)


def _filled(instance: Instance, task: Any, element: Element) -> WorkItem:
    def value(template: str | None) -> Any:
        return None if not template else instance.names.fill(template, task.data)

    priority = value(element.priority)
    return WorkItem(
        engine_task_id=task.text_id,
        process_id=element.process_id,
        element_id=element.id,
        scope=enclosing_instance(task),
        data=task.data,
        assignee=next(iter(_words(value(element.assignee))), None),
        candidate_groups=_words(value(element.candidate_groups)),
        candidate_users=_words(value(element.candidate_users)),
        due=_time(value(element.due_date), instance, END_OF_DAY),
        follow_up=_time(value(element.follow_up), instance, time()),
        priority=_priority(priority),
    )


def _priority(value: Any) -> int:
    priority = NORMAL_PRIORITY if value in (None, "") else int(value)
    if abs(priority) > MAX_PRIORITY:
        raise ValueError(f"priority {priority}")
    return priority


def _words(value: Any) -> tuple[str, ...]:
    """Ids from a list, or from a text that separates them by commas."""
    parts = value if isinstance(value, list | tuple) else str(value or "").split(",")
    if isinstance(value, dict) or any(isinstance(p, dict | list) or len(str(p)) > LONGEST_ID for p in parts):
        raise ValueError(f"not an id: {str(value)[:80]}")
    return tuple(dict.fromkeys(word for part in parts if part is not None and (word := str(part).strip())))


def _time(value: Any, instance: Instance, of_day: time) -> datetime | None:
    """An absolute time from ISO text, a date (at `of_day`, in the house's zone), or a duration from now."""
    if value in (None, ""):
        return None
    if isinstance(value, timedelta) or (isinstance(value, str) and value[:1] in "Pp"):
        return after(instance.now, value).astimezone(UTC)
    if isinstance(value, str) and len(value) == len("2026-11-22"):
        value = date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, of_day)
    return moment(value, instance.zone)
