"""Pages of tasks that were drawn before the task's case was moved to another version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.diagram.forms import Form
from engine.errors import TaskMoved
from engine.queries.bundles import bundle_left
from engine.storage.models import HistoryEvent

REVISIONS = "revisions"  # a fact of a move: the tasks it drew anew, by id, each with the revision it then had


@dataclass(frozen=True)
class Outdated:
    """A page as it was drawn: its form, and why it is no longer accepted."""

    form: Form | None
    refusal: TaskMoved


def moved_since(moves: Sequence[HistoryEvent], task_id: str, revision: int) -> HistoryEvent | None:
    """The first of a case's moves that drew the task anew after its page was drawn at `revision`."""
    return next((move for move in moves if revision < _redrawn(move).get(task_id, 0)), None)


def task_moved(moves: Sequence[HistoryEvent]) -> TaskMoved:
    """The refusal of a page that is older than the moves of its case."""
    return TaskMoved(completed_by=moves[-1].actor_name or "-", version=int(_facts(moves[-1])["to"]))


def outdated(
    session: Session, moves: Sequence[HistoryEvent], task: Any, revision: int | None
) -> Outdated | None:
    """What the page of a task (a row with id, process_id and element_id) was when it was drawn at `revision`;
    None if it stands."""
    move = None if revision is None else moved_since(moves, task.id, revision)
    if move is None:
        return None
    bundle = bundle_left(session, move)
    return Outdated(bundle.form_of(bundle.elements[task.process_id, task.element_id]), task_moved(moves))


def _facts(move: HistoryEvent) -> Any:
    return move.data or {}


def _redrawn(move: HistoryEvent) -> dict[str, int]:
    return dict(_facts(move).get(REVISIONS, {}))
