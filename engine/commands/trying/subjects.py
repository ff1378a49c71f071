"""What is tried: a draft, or a version that was published."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.errors import DefinitionDraftNotFound, ProcessNotFound
from engine.queries.bundles import stored_sources
from engine.queries.definition_files import draft_files
from engine.queries.definition_page import find_version
from engine.queries.reference import reference_files
from engine.storage.models import DefinitionDraft

SUBJECT = re.compile(
    r"draft:(?P<draft>[0-9a-f-]{36})|version:(?P<process>[\w.-]{1,100}):(?P<number>[1-9]\d{0,8})"
)


@dataclass(frozen=True)
class WalkSubject:
    """What a walk goes through. `key`: `draft:<id>` or `version:<process id>:<number>`; `title`: of a draft;
    `version`: of a published one."""

    key: str
    process_id: str
    files: Mapping[str, bytes]
    draft_id: str | None = None
    title: str | None = None
    version: int | None = None

    @property
    def published(self) -> bool:
        """Whether it has run already, so that its files are not checked again."""
        return self.version is not None


def subject_of(session: Session, key: str) -> WalkSubject:
    """What a key names, with its files. Raises DefinitionDraftNotFound, ProcessNotFound, VersionNotFound."""
    named = SUBJECT.fullmatch(key)
    if named is None:
        raise ProcessNotFound(key)
    if named["draft"]:
        draft = session.get(DefinitionDraft, named["draft"])
        if draft is None:
            raise DefinitionDraftNotFound(named["draft"])
        return WalkSubject(key, draft.process_id, draft_files(session, draft.id), draft.id, draft.title)
    found = find_version(session, named["process"], int(named["number"]))
    sources = stored_sources(session, found.bundle_hash)[1]
    files = {**reference_files(session), **sources}
    return WalkSubject(key, found.process_id, files, version=found.version)
