"""One step of a walk: what somebody does to a case that is only tried, and how it is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from engine.errors import BadWalkStep, UnkeepableText, WalkTooLong
from engine.storage.guards import is_keepable

MOST_STEPS = 200
MOST_BYTES = 500_000  # of all the steps of a walk
LONGEST_WAIT = timedelta(days=3660)
START, COMPLETE, RESULT, ERROR, MESSAGE, WAIT, NEXT = KINDS = (
    "start", "complete", "result", "error", "message", "wait", "next",
)  # fmt: skip


@dataclass(frozen=True)
class WalkStep:
    """A step of a walk.

    kind: start (values of the start form, or variables), complete (a task), result or error (of a service
        task that a program does), message, wait (`seconds`), next (until the next timer or time limit).
    process_id, element_id, position: which open task, the `position`th of that element from 0.
    name: of a message; the code of an error. values: of a form as sent, of a program or of a message.
    """

    kind: str
    process_id: str = ""
    element_id: str = ""
    position: int = 0
    name: str = ""
    seconds: int = 0
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises BadWalkStep for what no page can ask for."""
        if self.kind not in KINDS or not 0 <= self.position < 10_000:
            raise BadWalkStep()
        longest = LONGEST_WAIT.total_seconds()
        if self.kind == WAIT and not 0 < self.seconds <= longest:
            raise BadWalkStep()


def written(steps: Sequence[WalkStep]) -> list[dict[str, object]]:
    """The steps as they are kept, without what is empty. Raises WalkTooLong, UnkeepableText."""
    rows = [{name: value for name, value in asdict(step).items() if value} for step in steps]
    text = json.dumps(rows, ensure_ascii=False)
    if "\\u0000" in text or not is_keepable(text):
        raise UnkeepableText()
    if len(steps) > MOST_STEPS or len(text) > MOST_BYTES:
        raise WalkTooLong(most=MOST_STEPS, seconds=0)
    return rows


def read(rows: Sequence[Mapping[str, object]]) -> tuple[WalkStep, ...]:
    """The steps that `written` wrote. Raises BadWalkStep."""
    try:
        return tuple(WalkStep(**row) for row in rows)  # type: ignore[arg-type]
    except TypeError as error:
        raise BadWalkStep() from error
