"""All tables in one place: importing this module fills `Base.metadata`."""

from engine.storage.base import Base
from engine.storage.cases import EngineTask, ProcessInstance, UserTask, UserTaskCandidate
from engine.storage.clocks import CalendarDay, CalendarYear, Clock, ClockExtension
from engine.storage.definition_drafts import DefinitionDraft, DefinitionDraftEvent, DefinitionDraftFile
from engine.storage.definitions import (
    Bundle,
    BundleSource,
    DefinitionChange,
    Deployment,
    DeploymentResource,
    ProcessDefinition,
    ReferenceFile,
    Source,
)
from engine.storage.external import ExternalTask
from engine.storage.instance_migrations import InstanceMigration, InstanceMigrationCase
from engine.storage.jobs import Idempotency, Incident, Job, WorkerHeartbeat
from engine.storage.keeping import (
    Attachment,
    HistoryEvent,
    IssuedRecord,
    NumberSequence,
    SearchGram,
    Signature,
    Submission,
    Variable,
)
from engine.storage.messages import Message, MessageWait
from engine.storage.notices import Notification, PersonChannel
from engine.storage.organisation import AccessLog, OrgGroup, Person, PersonEvent, PersonGroup
from engine.storage.tokens import ApiToken
from engine.storage.walks import DefinitionScenario, DefinitionWalk

__all__ = [
    "AccessLog",
    "ApiToken",
    "Attachment",
    "Base",
    "Bundle",
    "BundleSource",
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "ClockExtension",
    "DefinitionChange",
    "DefinitionDraft",
    "DefinitionDraftEvent",
    "DefinitionDraftFile",
    "DefinitionScenario",
    "DefinitionWalk",
    "Deployment",
    "DeploymentResource",
    "EngineTask",
    "ExternalTask",
    "HistoryEvent",
    "Idempotency",
    "Incident",
    "InstanceMigration",
    "InstanceMigrationCase",
    "IssuedRecord",
    "Job",
    "Message",
    "MessageWait",
    "Notification",
    "NumberSequence",
    "OrgGroup",
    "Person",
    "PersonChannel",
    "PersonEvent",
    "PersonGroup",
    "ProcessDefinition",
    "ProcessInstance",
    "ReferenceFile",
    "SearchGram",
    "Signature",
    "Source",
    "Submission",
    "UserTask",
    "UserTaskCandidate",
    "Variable",
    "WorkerHeartbeat",
]
