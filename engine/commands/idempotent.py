"""A verb called twice with the same key does it once and answers the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.errors import KeyUsedDifferently
from engine.storage.models import Idempotency
from engine.storage.session import insert_for

T = TypeVar("T")
LONGEST_KEY = 200


class Once:
    """One call of a verb with (or without) an idempotency key.

    The key's row is written first: a second call at the same moment waits for the first transaction, and
    then finds its answer. `answer` is what was answered before, None if this call must do the work.
    Raises KeyUsedDifferently if the key was used for another request.
    """

    def __init__(
        self,
        session: Session,
        person_id: str,
        call: str,
        key: str | None,
        request: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """`call`: the verb and what it is called on, e.g. `complete <task id>`."""
        self.session: Session = session
        self.answer: dict[str, Any] | None = None
        self.row = {"person_id": person_id, "verb": call.split(" ")[0], "key": key} if key else None
        if self.row is None or key is None:
            return
        if len(key) > LONGEST_KEY:
            raise KeyUsedDifferently(key=f"{key[:40]}…")
        digest = hashlib.sha256(json.dumps([call, request], sort_keys=True, default=str).encode()).hexdigest()
        statement = insert_for(session)(Idempotency.__table__).values(
            **self.row, request_hash=digest, answer={}, at=now
        )
        mine = statement.on_conflict_do_nothing().returning(Idempotency.key)
        if session.execute(mine).one_or_none() is None:
            self.answer = self._known(digest)

    def _known(self, digest: str) -> dict[str, Any] | None:
        found = self.session.execute(
            select(Idempotency.request_hash, Idempotency.answer).filter_by(**self.row or {})
        ).one()
        if found.request_hash != digest:
            raise KeyUsedDifferently(key=(self.row or {})["key"])
        return dict(found.answer) or None  # empty: the first call was refused, but something had to be kept

    def keep(self, answer: T) -> T:
        """Remembers what the verb answers (a dataclass of JSON values), and returns it."""
        if self.row is not None:
            same = [getattr(Idempotency, name) == value for name, value in self.row.items()]
            facts = asdict(answer)  # type: ignore[call-overload]
            self.session.execute(update(Idempotency).where(*same).values(answer=facts))
        return answer
