"""Who and what a field offers, and what an id reads as: options, people, groups, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from engine import AttachmentView, Field, list_groups, list_people
from engine.errors import EngineError
from web.signatures import meaning

Choice = tuple[str, str]


@dataclass
class Choices:
    """The people and groups of one page, read from the database at most once each; `lang` is the page's."""

    session: Session
    lang: str

    @cached_property
    def people(self) -> dict[str, str]:
        """Every person's name by id."""
        return {person.id: person.name for person in list_people(self.session)}

    @cached_property
    def groups(self) -> dict[str, str]:
        """Every group's name by id, in the page's language."""
        return {group.id: group.name.get(self.lang) for group in list_groups(self.session)}

    def of(self, field: Field) -> list[Choice]:
        """What `field` offers as (value, label), in order; empty for fields that offer nothing."""
        if field.type == "user":
            people = [person for person in list_people(self.session, field.group) if person.active]
            return [(person.id, f"{person.name} · {person.id}") for person in people]
        if field.type == "group":
            staffed = list_groups(self.session, staffed=True)
            named = [g for g in staffed if not field.offered or g.id in field.offered]
            return [(group.id, group.name.get(self.lang)) for group in named]
        return [(option.value, option.text(self.lang)) for option in field.options]

    def refusal(self, error: EngineError) -> str:
        """A refusal in the page's language, with people, groups and signatures by their names."""
        who = getattr(error, "who", "")
        if who:
            names = self.people | self.groups
            joint = "、" if self.lang == "zh" else ", "
            error.who = joint.join(names.get(id, id) for id in who.split(", "))  # type: ignore[attr-defined]
        if sign := getattr(error, "meaning", ""):
            error.meaning = meaning(sign)  # type: ignore[attr-defined]
        return error.message("zh" if self.lang == "zh" else "en")

    def namer(self, files: Mapping[str, AttachmentView]) -> Callable[[str], str]:
        """A function from the id of a person, group or file to its name; unknown ids stay themselves."""
        names = {id: file.filename for id, file in files.items()}
        return lambda id: self.people.get(id) or self.groups.get(id) or names.get(id) or id
