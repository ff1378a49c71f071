"""Verbs that publish a draft: submit it, approve it as a second person, send it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.definition_drafts import note, open_draft, touch
from engine.commands.deployments import begin_deploying
from engine.commands.modeler import deploy_part
from engine.commands.publishing_notices import answered, tell, tell_owners
from engine.diagram.bundle import compile_bundle
from engine.errors import (
    BundleRefused,
    DefinitionDraftNotFound,
    DraftChanged,
    DraftNotSubmitted,
    DraftOutdated,
    InitialPassword,
    NothingToPublish,
    ReasonRequired,
    SignatureRequired,
)
from engine.queries.bundles import latest_definition
from engine.queries.clock import time_of
from engine.queries.definition_drafts import STATES
from engine.queries.definition_files import draft_files
from engine.queries.permissions import may_publish
from engine.queries.publishing import (
    handed_in,
    may_approve,
    now_running,
    outdated_by,
    publishing_problems,
)
from engine.queries.reference import REFERENCE_FILES
from engine.queries.views import Actor
from engine.records.audit import content_hash
from engine.records.passwords import check_password
from engine.records.signatures import signature_hash
from engine.storage.models import DefinitionDraft, DefinitionDraftFile, Person
from engine.storage.session import begin_write

APPROVES = "批准"


def submit_definition_draft(
    session: Session,
    actor: Actor,
    draft_id: str,
    reason: str,
    revision: int,
    *,
    over_version: int | None = None,
    approval: bool = True,
    now: datetime | None = None,
) -> bool:
    """Submits a draft; its files are frozen. `approval` False: publishes it at once. Returns whether it did.

    `revision`: of the draft as the actor read it. `over_version`: the later version over which it is
    published deliberately. Raises NotAllowed, DefinitionDraftNotFound, DraftNotOpen, ReasonRequired,
    DraftChanged, DraftOutdated, NothingToPublish, BundleRefused with every error of lint and soundness."""
    if not reason.strip():
        raise ReasonRequired()
    begin_deploying(session)  # nobody publishes between the look at what runs now and the deployment
    draft, at = open_draft(session, actor, draft_id), time_of(now)
    if draft.revision != revision:
        raise DraftChanged()
    _check_base(session, draft, over_version)
    _check_files(session, draft)
    _check_changes(session, draft)
    draft.state, draft.reason = "submitted", reason.strip()
    draft.submitted_by, draft.submitted_at = actor.person_id, at
    draft.decided_by = draft.decided_at = draft.decision_note = None
    touch(draft, actor, at)
    note(session, draft, "submitted", reason=reason.strip())
    if approval:
        tell_owners(session, draft, actor, at)
        return False
    _publish(session, draft, actor, at)
    return True


def approve_definition_draft(
    session: Session, actor: Actor, draft_id: str, revision: int, password: str | None,
    *, now: datetime | None = None,
) -> int:  # fmt: skip
    """Approves, signs and publishes a submitted draft, all in one transaction; returns the version it became.

    Running instances stay on their bundle. Raises NotAllowed, DraftNotSubmitted, OwnDraft, DraftChanged,
    DraftOutdated, SignatureRequired, InitialPassword, WrongPassword, AccountLocked, BundleRefused."""
    begin_deploying(session)  # nobody publishes between the look at what runs now and the deployment
    draft, at = _submitted(session, actor, draft_id), time_of(now)
    if refusal := may_approve(session, draft, actor).refusal:
        raise refusal
    if draft.revision != revision:
        raise DraftChanged()
    _check_signer(session, actor, password, at)
    if (latest := outdated_by(draft, now_running(session, draft.process_id))) is not None:
        raise DraftOutdated(draft.process_id, latest)
    _check_files(session, draft)
    draft.signature = _signature(session, draft, actor, at)
    version = _publish(session, draft, actor, at)
    answered(session, draft, actor, at)
    tell(session, draft, "draft_published", frozenset({draft.submitted_by or ""}), actor, at)
    return version


def return_definition_draft(
    session: Session, actor: Actor, draft_id: str, why: str, *, now: datetime | None = None
) -> None:
    """Sends a submitted draft back with a note, or takes one's own back: it is open again.

    Raises NotAllowed, DefinitionDraftNotFound, DraftNotSubmitted, ReasonRequired."""
    if not why.strip():
        raise ReasonRequired()
    draft, at = _submitted(session, actor, draft_id), time_of(now)
    draft.state, draft.over_definition_id = "open", None
    _decide(draft, actor, at, why.strip())
    note(session, draft, "returned", reason=why.strip(), decided=True)
    answered(session, draft, actor, at)
    people = frozenset({draft.submitted_by or ""}) - {actor.person_id}
    tell(session, draft, "draft_returned", people, actor, at)


def _submitted(session: Session, actor: Actor, draft_id: str) -> DefinitionDraft:
    """The draft, locked until the end of the transaction: of two approvers the second finds it published."""
    if refusal := may_publish(actor).refusal:
        raise refusal
    begin_write(session)
    draft = session.get(DefinitionDraft, draft_id, populate_existing=True, with_for_update=True)
    if draft is None:
        raise DefinitionDraftNotFound(draft_id)
    if draft.state != "submitted":
        zh, en = STATES[draft.state]
        raise DraftNotSubmitted(en, zh)
    return draft


def _check_base(session: Session, draft: DefinitionDraft, over_version: int | None) -> None:
    draft.over_definition_id = None
    latest = now_running(session, draft.process_id)
    newer = outdated_by(draft, latest)
    if newer is None or latest is None:
        return
    if newer != over_version:
        raise DraftOutdated(draft.process_id, newer)
    draft.over_definition_id = latest.id


def _check_files(session: Session, draft: DefinitionDraft) -> None:
    problems = publishing_problems(session, draft_files(session, draft.id))
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise BundleRefused(errors)


def _check_changes(session: Session, draft: DefinitionDraft) -> None:
    files, latest = handed_in(session, draft), now_running(session, draft.process_id)
    if latest is None or files.keys() & REFERENCE_FILES:
        return
    if compile_bundle(files, draft.process_id).hash == latest.bundle_hash:
        raise NothingToPublish()


def _check_signer(session: Session, actor: Actor, password: str | None, at: datetime) -> None:
    """Signing asks for the password again, every time (21 CFR 11.200)."""
    if not password:
        raise SignatureRequired(meaning=APPROVES)
    if actor.must_change_password:
        raise InitialPassword()
    person = session.get(Person, actor.person_id, populate_existing=True, with_for_update=True)
    check_password(session, actor.person_id, person, password, at)


def _signature(session: Session, draft: DefinitionDraft, actor: Actor, at: datetime) -> str:
    """A signature over the files as they are published, as over a submission."""
    file = DefinitionDraftFile
    held = session.execute(select(file.name, file.source_hash).where(file.draft_id == draft.id))
    digest = content_hash({row.name: row.source_hash for row in held})
    return signature_hash(
        {"person_id": actor.person_id, "printed_name": actor.name, "meaning": APPROVES,
         "element_id": draft.id, "content_hash": digest, "at": at}
    )  # fmt: skip


def _publish(session: Session, draft: DefinitionDraft, actor: Actor, at: datetime) -> int:
    files = handed_in(session, draft)
    done = deploy_part(session, files, actor, draft.reason or "", now=at)
    if not done.new and not files.keys() & REFERENCE_FILES:
        raise NothingToPublish()
    became = latest_definition(session, draft.process_id)
    draft.state, draft.definition_id = "published", became.id
    _decide(draft, actor, at, None)
    note(session, draft, "published", reason=draft.reason, decided=True)
    return became.version


def _decide(draft: DefinitionDraft, actor: Actor, at: datetime, why: str | None) -> None:
    """Whoever decides changes nothing in the draft: it is still by whom it was last changed."""
    draft.decided_by, draft.decided_at, draft.decision_note = actor.person_id, at, why
    draft.revision += 1
