"""BPMN elements whose SpiffWorkflow semantics we correct. What is not listed here is refused at
deployment."""

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    NoneEventDefinition,
    SignalEventDefinition,
    TerminateEventDefinition,
)

from engine.elements.activities import ExternalTask, PassedTask, ScriptTask, ServiceTask, UserTask
from engine.elements.boundary import BoundaryEvent, BoundaryJoin, BoundarySplit
from engine.elements.catching import CatchEvent, EventGateway, StartEvent
from engine.elements.decision_task import DecisionTask
from engine.elements.gateways import ExclusiveGateway
from engine.elements.joins import InclusiveGateway, ParallelGateway
from engine.elements.multi_instance import ParallelMultiInstance, SequentialMultiInstance
from engine.elements.process_spec import ProcessSpec
from engine.elements.repetition import StandardLoop
from engine.elements.scope_host import CallActivity, SubProcess
from engine.elements.throwing import EndEvent, ThrowEvent
from engine.elements.timers import CycleTimer, DateTimer, DurationTimer

SPEC_CLASSES: dict[str, Any] = {
    "process": ProcessSpec,
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
    "boundarySplit": BoundarySplit,
    "boundaryJoin": BoundaryJoin,
    "userTask": UserTask,
    "task": PassedTask,
    "manualTask": PassedTask,
    "scriptTask": ScriptTask,
    "serviceTask": ServiceTask,
    "externalTask": ExternalTask,
    "businessRuleTask": DecisionTask,
    "sendTask": ThrowEvent,
    "receiveTask": CatchEvent,
    "callActivity": CallActivity,
    "subProcess": SubProcess,
    "parallelMultiInstance": ParallelMultiInstance,
    "sequentialMultiInstance": SequentialMultiInstance,
    "standardLoop": StandardLoop,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "none": NoneEventDefinition,
    "message": MessageEventDefinition,
    "signal": SignalEventDefinition,
    "error": ErrorEventDefinition,
    "escalation": EscalationEventDefinition,
    "terminate": TerminateEventDefinition,
    "timeDate": DateTimer,
    "timeDuration": DurationTimer,
    "timeCycle": CycleTimer,
}

__all__ = ["SPEC_CLASSES"]
