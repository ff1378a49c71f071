"""Who belongs to which groups; everybody is of the group of all staff, so that is never written."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine.errors import AdminAlone, EngineError, GroupUnknown
from engine.queries.access import EVERYBODY
from engine.queries.account_rules import ADMIN
from engine.storage.models import OrgGroup, PersonGroup


def chosen(groups: Iterable[str]) -> list[str]:
    """The groups to write, in order, each once."""
    return sorted(set(groups) - {EVERYBODY})


def of(session: Session, person_id: str) -> list[str]:
    """The groups that a person belongs to now, in order."""
    groups = select(PersonGroup.group_id).where(PersonGroup.person_id == person_id)
    return sorted(session.scalars(groups))


def refusal(session: Session, groups: Iterable[str]) -> EngineError | None:
    """Why nobody can belong to these groups together: GroupUnknown, AdminAlone, or None."""
    wanted = chosen(groups)
    known = list(session.scalars(select(OrgGroup.id).order_by(OrgGroup.id)))
    for group in wanted:
        if group not in known:
            return GroupUnknown(id=group, known=", ".join(known))
    others = [group for group in wanted if group != ADMIN]
    return AdminAlone(", ".join(others)) if others and ADMIN in wanted else None


def write(session: Session, person_id: str, groups: list[str]) -> None:
    """Replaces a person's groups."""
    session.execute(delete(PersonGroup).where(PersonGroup.person_id == person_id))
    if groups:
        session.execute(insert(PersonGroup), [{"person_id": person_id, "group_id": g} for g in groups])
