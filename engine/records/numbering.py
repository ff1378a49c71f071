"""Numbers without gaps: a number is given out in the transaction that uses it, or not at all (S7-2.3.2)."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from engine.storage.keeping import NumberSequence
from engine.storage.session import insert_for

CASE_NUMBER = "QF-YYYY-NNNNNN"
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")  # the year of a number is the year on the office wall
_PARTS = re.compile(r"YYYY|MM|DD|N{2,}")


def next_number(session: Session, pattern: str, now: datetime) -> str:
    """The next number of a pattern such as `QF-YYYY-NNNNNN`, counting from 1 in every YYYY (MM, DD).

    The counter's row stays locked until the transaction ends: whoever comes next waits, and a rollback gives
    the number back."""
    local = now.astimezone(OFFICE_ZONE)
    period = "".join(_dated(part, local) for part in _PARTS.findall(pattern) if part[0] != "N")
    insert = insert_for(session)(NumberSequence).values(name=pattern, period=period, last=1)
    statement = insert.on_conflict_do_update(
        index_elements=["name", "period"], set_={"last": NumberSequence.last + 1}
    ).returning(NumberSequence.last)
    last = session.execute(statement).scalar_one()
    return _PARTS.sub(
        lambda m: str(last).zfill(len(m[0])) if m[0][0] == "N" else _dated(m[0], local), pattern
    )


def _dated(part: str, local: datetime) -> str:
    return local.strftime({"YYYY": "%Y", "MM": "%m", "DD": "%d"}[part])
