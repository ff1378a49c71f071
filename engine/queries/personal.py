"""Personal data in views: masked unless the reader needs them; sights in clear are logged (PIPL 51)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.access import sees_clear
from engine.queries.masking import masked
from engine.queries.views import Actor
from engine.storage.models import AccessLog, Submission


def draft_author(task: Any, name: str) -> str | None:
    """Who typed a personal entry of a task's draft; `task` has the columns of a UserTask."""
    by: str | None = (task.draft_by or {}).get(name, task.changed_by)
    return by


class PersonalData:
    """One reader's sight of one case: masks values, collects what was shown in clear, logs it once."""

    def __init__(self, session: Session, actor: Actor, instance_id: str) -> None:
        self.session, self.actor, self.instance_id = session, actor, instance_id
        self.shown: set[str] = set()

    def view(
        self, values: Mapping[str, object], personal: Iterable[str], by: str | None
    ) -> dict[str, object]:
        """The values as this reader may see them; `by` submitted them.

        What somebody typed they see in clear, unlogged; not what they sent back as they found it, masked."""
        names = [name for name in personal if values.get(name) not in (None, "", [], False)]
        own = by == self.actor.person_id
        if not sees_clear(self.actor):
            return masked(values, [n for n in names if not (own and self._typed(n, values[n]))])
        self.shown.update(() if own else names)
        return dict(values)

    def hides_from_reader(self, by: str | None) -> bool:
        """Whether the reader sees only masked what `by` typed."""
        return by != self.actor.person_id and not sees_clear(self.actor)

    def _typed(self, name: str, value: object) -> bool:
        """Nobody else had submitted this value in the case before the reader did."""
        first = next((by for by, values in self._submitted if values.get(name) == value), None)
        return first in (None, self.actor.person_id)

    @cached_property
    def _submitted(self) -> list[tuple[str, Mapping[str, object]]]:
        statement = select(Submission.by, Submission.values).order_by(Submission.seq)
        rows = self.session.execute(statement.where(Submission.instance_id == self.instance_id))
        return [(row[0], row[1]) for row in rows]

    def log(self, where: str, now: datetime) -> None:
        """One line in the access log if anything was shown in clear; the edge commits it."""
        if not self.shown:
            return
        detail: dict[str, object] = {"fields": sorted(self.shown), "where": where}
        self.session.add(
            AccessLog(at=now, person_id=self.actor.person_id, action="personal_data_seen",
                      instance_id=self.instance_id, detail=detail)
        )  # fmt: skip
        self.session.flush()
