"""What is deployed, read: what one may start, the start form, the steps of all processes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import DefinitionSuspended, EngineError, NotAllowed
from engine.queries.bundles import bundle_of, latest_definition
from engine.queries.reference import clause_views, list_clauses
from engine.queries.views import Actor, StartableView, StartFormView, StepView, Text
from engine.storage.models import ProcessDefinition, ProcessInstance

LATELY = 1000  # cases


def may_start(definition: ProcessDefinition, actor: Actor) -> EngineError | None:
    """The refusal, if the actor may not start this process."""
    groups = definition.starter_groups
    if definition.startable and (not groups or not actor.groups.isdisjoint(groups)):
        return None
    name = definition.name_en or definition.name
    return NotAllowed(what=f"start “{name}”", what_zh=f"发起“{definition.name}”")


def startable(session: Session, actor: Actor) -> list[StartableView]:
    """The processes that the actor may start; of those that are suspended he starts none now.

    First what people started most often of late, then what comprises most other processes, then by name."""
    offered = [d for d in _latest(session) if may_start(d, actor) is None]
    often = _started_of_late(session) if len(offered) > 1 else {}
    bundles = {d.process_id: bundle_of(session, d.bundle_hash) for d in offered}
    offered.sort(key=lambda d: (-often.get(d.process_id, 0), -len(bundles[d.process_id].processes)))
    return [
        StartableView(
            d.process_id, Text(d.name, d.name_en), Text(d.documentation, d.documentation_en), d.version,
            bundles[d.process_id].start_form is not None, d.suspended,
        )
        for d in offered
    ]  # fmt: skip


def _started_of_late(session: Session) -> dict[str, int]:
    """How many of the newest `LATELY` cases are of each process: by an index, so that it costs the same
    however many there are."""
    started = ProcessInstance.started_at.desc(), ProcessInstance.id.desc()
    newest = select(ProcessInstance.process_id).order_by(*started).limit(LATELY).subquery()
    counted = select(newest.c.process_id, func.count().label("number")).group_by(newest.c.process_id)
    return {row.process_id: row.number for row in session.execute(counted)}


def get_start_form(session: Session, process_id: str, actor: Actor) -> StartFormView:
    """The form that starts a process. Raises ProcessNotFound, NotAllowed, DefinitionSuspended."""
    definition = latest_definition(session, process_id)
    refusal = may_start(definition, actor)
    if refusal:
        raise refusal
    if definition.suspended:
        raise DefinitionSuspended()
    bundle = bundle_of(session, definition.bundle_hash)
    form, element = bundle.start_form, bundle.start
    values = {field.key: field.default for field in form.inputs} if form else {}
    return StartFormView(
        process_id, Text(definition.name, definition.name_en),
        Text(definition.documentation, definition.documentation_en), form, values, {},
        clause_views(list_clauses(session), element.clauses),
    )  # fmt: skip


def list_steps(session: Session) -> list[StepView]:
    """Every user task of the deployed processes, by process, for choosing what a list shows."""
    found: dict[tuple[str, str], StepView] = {}
    for definition in _latest(session):
        name = Text(definition.name, definition.name_en)
        for element in bundle_of(session, definition.bundle_hash).elements.values():
            if element.kind == "userTask" and element.process_id == definition.process_id:
                step = StepView(element.process_id, name, element.id, Text(element.name, element.name_en))
                found[element.process_id, element.id] = step
    return list(found.values())


def _latest(session: Session) -> list[ProcessDefinition]:
    latest = select(ProcessDefinition).where(ProcessDefinition.latest.is_(True))
    return list(session.scalars(latest.order_by(ProcessDefinition.name, ProcessDefinition.process_id)))
