"""What a form may refer to, fetched once for all its fields: people, groups, files, cases."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.diagram.forms import Field, Form
from engine.queries.access import EVERYBODY, may_see_one
from engine.queries.clocks import clock_reader
from engine.queries.people import staffed_groups
from engine.queries.views import Actor
from engine.storage.models import Attachment, OrgGroup, Person, PersonGroup, ProcessInstance

REFERRING = frozenset({"user", "group", "file"})
CASE = "case"


class FormLookups:
    """Answers a form's questions about people, groups and files with one statement for each kind it uses."""

    def __init__(
        self, session: Session, form: Form, raw: Mapping[str, object], actor: Actor, instance_id: str | None
    ) -> None:
        """Only active people count, only files of this case or uploaded by the actor, only running cases that
        the actor may see."""
        named = _named(form.fields, raw)
        self.memberships = _memberships(session, named["user"])
        self.groups = _groups(session, named["group"])
        self.files = _files(session, named["file"], actor.person_id, instance_id)
        self.cases = _cases(session, named[CASE], actor)
        self.read_clock = clock_reader(session, actor, instance_id)

    def person_exists(self, person_id: str, group: str | None) -> bool:
        """An active person with that user name, in that group if one is given."""
        groups = self.memberships.get(person_id)
        return groups is not None and (group in (None, "", EVERYBODY) or group in groups)

    def group_exists(self, group_id: str) -> bool:
        """A group of the organisation that has somebody in it."""
        return group_id in self.groups

    def attachment_exists(self, attachment_id: str) -> bool:
        """A file that this form may name."""
        return attachment_id in self.files

    def case_exists(self, number: str) -> bool:
        """A running case that the actor may see."""
        return number in self.cases


def _named(fields: Iterable[Field], raw: Mapping[str, object]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {kind: set() for kind in REFERRING | {CASE}}
    for field in fields:
        value = raw.get(field.key)
        if field.type in REFERRING:
            named[field.type].update(_texts(value))
        elif field.source == CASE:
            named[CASE].update(_texts(value))
        elif field.type == "table" and isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    for kind, ids in _named(field.columns, row).items():
                        named[kind] |= ids
    return named


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(item, str) and item.isprintable():  # anything else is no id and is not looked up
            yield from (part.strip() for part in (item, *item.split(",")))


def _memberships(session: Session, people: set[str]) -> dict[str, set[str]]:
    if not people:
        return {}
    statement = (
        select(Person.id, PersonGroup.group_id)
        .outerjoin(PersonGroup, PersonGroup.person_id == Person.id)
        .where(Person.id.in_(people), Person.active.is_(True))
    )
    found: dict[str, set[str]] = {}
    for row in session.execute(statement):
        found.setdefault(row.id, set()).add(row.group_id)
    return found


def _groups(session: Session, groups: set[str]) -> set[str]:
    if not groups:
        return set()
    known = select(OrgGroup.id).where(OrgGroup.id.in_(groups), OrgGroup.id.in_(staffed_groups()))
    return set(session.scalars(known))


def _files(session: Session, files: set[str], actor_id: str, instance_id: str | None) -> set[str]:
    if not files:
        return set()
    mine = Attachment.instance_id.is_(None) & (Attachment.uploaded_by == actor_id)
    allowed = or_(mine, Attachment.instance_id == instance_id) if instance_id else mine
    return set(session.scalars(select(Attachment.id).where(Attachment.id.in_(files), allowed)))


def _cases(session: Session, numbers: set[str], actor: Actor) -> set[str]:
    if not numbers:
        return set()
    running = ProcessInstance.business_key.in_(numbers), ProcessInstance.state == "running"
    seen = select(ProcessInstance.business_key).where(*running, may_see_one(actor, ProcessInstance.id))
    return set(session.scalars(seen))
