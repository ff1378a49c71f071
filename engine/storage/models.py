"""All tables in one place: importing this module fills `Base.metadata`."""

from engine.storage.base import Base
from engine.storage.cases import EngineTask, ProcessInstance, UserTask, UserTaskCandidate
from engine.storage.definitions import (
    Bundle,
    BundleSource,
    Deployment,
    ProcessDefinition,
    ReferenceFile,
    Source,
)
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
from engine.storage.organisation import AccessLog, OrgGroup, Person, PersonEvent, PersonGroup

__all__ = [
    "AccessLog",
    "Attachment",
    "Base",
    "Bundle",
    "BundleSource",
    "Deployment",
    "EngineTask",
    "HistoryEvent",
    "IssuedRecord",
    "NumberSequence",
    "OrgGroup",
    "Person",
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
]
