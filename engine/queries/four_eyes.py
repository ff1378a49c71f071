"""Four eyes: whoever did one thing may not do the other (`notBy` in the diagram)."""

from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.element import Element
from engine.errors import FourEyes
from engine.storage.models import HistoryEvent, Submission


def four_eyes(
    session: Session, bundle: Bundle, element: Element, instance_id: str, scope: str, person_id: str
) -> FourEyes | None:
    """The refusal if this person completed an element that `element.not_by` names, or filled it in for
    somebody who had delegated it, else None.

    `scope` is the task's. Inside a multi-instance child, only what was done in that child counts where the
    named element belongs to the same process; otherwise whatever was done in the whole case."""
    if not element.not_by:
        return None
    submitted = select(
        Submission.process_id, Submission.element_id, Submission.scope, Submission.by == person_id
    ).where(Submission.instance_id == instance_id, Submission.element_id.in_(element.not_by))
    helped = select(
        HistoryEvent.process_id, HistoryEvent.element_id, HistoryEvent.scope,
        HistoryEvent.actor_id == person_id,
    ).where(
        HistoryEvent.instance_id == instance_id, HistoryEvent.kind == "resolved",
        HistoryEvent.element_id.in_(element.not_by),
    )  # fmt: skip
    done: list[Any] = list(session.execute(union(submitted, helped)))
    for element_id in element.not_by:
        every = [row for row in done if row[1] == element_id]
        here = [row for row in every if row[0] == element.process_id and row[2] == scope]
        if any(row[3] for row in here or every):
            return _refusal(bundle, every[0][0], element_id)
    return None


def _refusal(bundle: Bundle, process_id: str, element_id: str) -> FourEyes:
    element = bundle.elements.get((process_id, element_id))
    name = (element.name if element else "") or element_id
    return FourEyes(element=(element.name_en if element else "") or name, element_zh=name)
