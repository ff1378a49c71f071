"""Personal data in views: masked unless the reader needs them; sights in clear are logged (PIPL 51)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from engine.queries.access import sees_clear
from engine.queries.masking import masked
from engine.queries.views import Actor
from engine.storage.models import AccessLog


class PersonalData:
    """One reader's sight of one case: masks values, collects what was shown in clear, logs it once."""

    def __init__(self, actor: Actor, instance_id: str) -> None:
        self.actor, self.instance_id = actor, instance_id
        self.shown: set[str] = set()

    def view(
        self, values: Mapping[str, object], personal: Iterable[str], by: str | None
    ) -> dict[str, object]:
        """The values as this reader may see them; `by` submitted them and sees them in clear, unlogged."""
        if by == self.actor.person_id:
            return dict(values)
        names = [name for name in personal if values.get(name) not in (None, "", [], False)]
        if not sees_clear(self.actor):
            return masked(values, names)
        self.shown.update(names)
        return dict(values)

    def log(self, session: Session, where: str, now: datetime) -> None:
        """One line in the access log if anything was shown in clear; the edge commits it."""
        if not self.shown:
            return
        detail: dict[str, object] = {"fields": sorted(self.shown), "where": where}
        session.add(
            AccessLog(at=now, person_id=self.actor.person_id, action="personal_data_seen",
                      instance_id=self.instance_id, detail=detail)
        )  # fmt: skip
        session.flush()
