"""Who may look at accounts and change them: verbs refuse by these rules, pages explain by them.

Separation of duties: administrators run accounts and see no business data, nobody administers the own
account, compliance reads what administrators did.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import LastAdmin, NotAllowed, OwnAccount
from engine.queries.views import Actor, Permission
from engine.storage.models import Person, PersonGroup

ADMIN = "admin"
READERS = frozenset({ADMIN, "compliance"})
SYSTEM = "system"  # the operator at the machine, who needs no account: opens the first one


def is_system(by: str) -> bool:
    """Whether `by` is the operator: `system`, or `system:<login>`. No user name contains a colon."""
    return by.partition(":")[0] == SYSTEM


def may_read_accounts(actor: Actor) -> Permission:
    """Administrators and compliance may."""
    if actor.groups & READERS:
        return Permission(True)
    return Permission(False, NotAllowed(what="see accounts", what_zh="查看账号"))


def may_administer(actor: Actor, person_id: str | None = None) -> Permission:
    """Administrators may open accounts, and change every account but their own."""
    if ADMIN not in actor.groups:
        return Permission(False, NotAllowed(what="administer accounts", what_zh="管理账号"))
    if actor.person_id == person_id:
        return Permission(False, OwnAccount())
    return Permission(True)


def may_leave_admin(session: Session, person_id: str) -> Permission:
    """Whether an active administrator remains without this person (who may be none)."""
    statement = (
        select(Person.id)
        .join(PersonGroup, PersonGroup.person_id == Person.id)
        .where(PersonGroup.group_id == ADMIN, Person.active.is_(True))
    )
    if set(session.scalars(statement)) == {person_id}:
        return Permission(False, LastAdmin(person_id))
    return Permission(True)
