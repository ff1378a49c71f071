"""Publishing a draft, read: what stands in its way, who may approve it, what differs from what runs now."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.diagram.bundle import Bundle
from engine.diagram.checked import compiled, content_key, linted, once, played
from engine.diagram.remembered import Remembered
from engine.errors import BundleRefused, EngineError, OwnDraft, Problem, ProcessNotFound
from engine.queries.bundles import bundle_of, latest_definition, latest_hashes
from engine.queries.comparison import Differences, PartView, differences, list_differences
from engine.queries.definition_drafts import DraftView, get_definition_draft
from engine.queries.definition_files import beside_deployed, draft_files
from engine.queries.permissions import may_publish
from engine.queries.reference import REFERENCE_FILES, reference_files
from engine.queries.views import Actor, Permission, Text
from engine.storage.models import DefinitionDraft, DefinitionDraftEvent, Deployment, ProcessDefinition

DECISIONS = ("submitted", "returned", "published")  # events that change no file
CHECKED: Remembered[tuple[Problem, ...]] = Remembered(64)


@dataclass(frozen=True)
class PublishView:
    """A draft about to be published. `problems`: errors and warnings of lint and soundness, looked for
    only while it may still be published. `outdated`: the
    version that was published after the draft was begun, None if it is up to date; `over`: the version over
    which it is published deliberately. `compared` with the version `against`; None for a new process, or
    while errors stand in the way.

    `tables`: the tables of names that differ from what is deployed, row by row; once published, those that
    were published. `renewed`: whether publishing made a new version, which tables alone do not."""

    draft: DraftView
    problems: tuple[Problem, ...]
    outdated: int | None
    over: int | None
    against: int | None
    compared: Differences | None
    same: bool
    tables: tuple[PartView, ...]
    renewed: bool
    shipped: str
    signature: str | None
    may_submit: bool
    approval: Permission
    may_return: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def get_publishing(session: Session, draft_id: str, actor: Actor) -> PublishView:
    """What the page of publishing a draft shows. Raises NotAllowed, DefinitionDraftNotFound."""
    view = get_definition_draft(session, draft_id, actor)
    draft = session.get_one(DefinitionDraft, draft_id)
    files, latest = draft_files(session, draft_id), now_running(session, draft.process_id)
    problems = publishing_problems(session, files) if view.row.pending else ()
    new = None if _has_errors(problems) else _becomes(session, draft, files)
    base = session.get(ProcessDefinition, draft.base_definition_id) if draft.base_definition_id else None
    against = base if draft.state == "published" else latest
    old = bundle_of(session, against.bundle_hash) if against else None
    owner, submitted = may_publish(actor).allowed, draft.state == "submitted"
    return PublishView(
        view, problems, outdated_by(draft, latest), version_of(session, draft.over_definition_id),
        against.version if against else None, differences(old, new) if old and new else None,
        bool(old and new and old.hash == new.hash), _tables(session, draft), _renewed(session, draft),
        draft.shipped, draft.signature,
        owner and draft.state == "open", may_approve(session, draft, actor), owner and submitted,
    )  # fmt: skip


def count_submitted(session: Session) -> int:
    """How many drafts wait for an approval."""
    waiting = select(func.count()).where(DefinitionDraft.state == "submitted")
    return session.scalar(waiting) or 0


def publishing_problems(session: Session, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What lint and the game of soundness find in files, together with the deployed ones they belong to; for
    the same files beside the same deployment it is remembered."""
    references, deployed = reference_files(session), latest_hashes(session)
    key = content_key(files, content_key(references), deployed)

    def look() -> tuple[Problem, ...]:
        whole = beside_deployed(session, files)
        found = linted(whole)
        return found if _has_errors(found) else found + played(whole, files)

    return once(CHECKED, key, look)


def now_running(session: Session, process_id: str) -> ProcessDefinition | None:
    """The version that starts now, None of a process that is new."""
    try:
        return latest_definition(session, process_id)
    except ProcessNotFound:
        return None


def outdated_by(draft: DefinitionDraft, latest: ProcessDefinition | None) -> int | None:
    """The version published after the draft was begun, unless it is meant to be published over it."""
    known = draft.base_definition_id, draft.over_definition_id
    fresh = latest is None or latest.id in known or draft.state in ("published", "discarded")
    return None if fresh or latest is None else latest.version


def version_of(session: Session, definition_id: str | None) -> int | None:
    """The number of a version."""
    found = session.get(ProcessDefinition, definition_id) if definition_id else None
    return found.version if found else None


def may_approve(session: Session, draft: DefinitionDraft, actor: Actor) -> Permission:
    """A process owner who has not worked on the draft (the editor of a process is not its publisher)."""
    allowed = may_publish(actor)
    if not allowed.allowed or draft.state != "submitted":
        return Permission(False, allowed.refusal)
    refusal: EngineError | None = OwnDraft() if actor.person_id in editors(session, draft) else None
    return Permission(refusal is None, refusal)


def editors(session: Session, draft: DefinitionDraft) -> set[str]:
    """Whoever began, changed or submitted the draft."""
    event = DefinitionDraftEvent
    made = event.draft_id == draft.id, event.kind.not_in(DECISIONS[1:])
    return {*session.scalars(select(event.by).where(*made).distinct()), draft.created_by} - {"system"}


def handed_in(session: Session, draft: DefinitionDraft) -> dict[str, bytes]:
    """The files to deploy. A table that nobody touched in the draft stays as it is deployed now: its copy may
    be older."""
    event = DefinitionDraftEvent
    touched = set(session.scalars(select(event.file).where(event.draft_id == draft.id)))
    files = draft_files(session, draft.id).items()
    return {name: data for name, data in files if name not in REFERENCE_FILES or name in touched}


def _tables(session: Session, draft: DefinitionDraft) -> tuple[PartView, ...]:
    touched = {name: data for name, data in handed_in(session, draft).items() if name in REFERENCE_FILES}
    if draft.state == "published":
        return tuple(PartView(name, "changed", Text(name), (), ()) for name in touched)
    deployed = reference_files(session) if touched else {}
    found = (list_differences(name, deployed.get(name), data) for name, data in touched.items())
    return tuple(part for part in found if part)


def _renewed(session: Session, draft: DefinitionDraft) -> bool:
    became = session.get(ProcessDefinition, draft.definition_id) if draft.definition_id else None
    made = session.get(Deployment, became.deployment_id) if became else None
    decided = draft.decided_at, draft.decided_by, draft.reason
    return made is not None and (made.at, made.by, made.reason) == decided


def _has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)


def _becomes(session: Session, draft: DefinitionDraft, files: Mapping[str, bytes]) -> Bundle | None:
    """The bundle that the draft became, or would become."""
    became = session.get(ProcessDefinition, draft.definition_id) if draft.definition_id else None
    try:
        if became:
            return bundle_of(session, became.bundle_hash)
        return compiled(files, draft.process_id)
    except (BundleRefused, ProcessNotFound):
        return None
