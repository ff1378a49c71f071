"""Tables of running and finished instances: the state that changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import Json, UtcDateTime

INSTANCE_SORTS = ("started_at", "business_key")
TASK_SORTS = ("due_sort", "created_at", "priority", "business_key")
DONE_SORTS = ("completed_at", "business_key")  # each one more costs every completion an entry


def _instance_indexes() -> tuple[Index, ...]:
    """One index for every filter and order of the list: a page costs the same however long the list is."""
    filters = ((), ("state",), ("process_id",), ("process_id", "state"))
    return tuple(
        Index("_".join(("ix_instance", *(c[:4] for c in columns), sort[:4])), *columns, sort, "id")
        for columns in filters
        for sort in INSTANCE_SORTS
    )


class ProcessInstance(Base):
    """An instance: its number, its pinned bundle, the engine's body, and the head of its history chain.

    `timer_at`, `clock_at`: when its earliest timer is due, and the next warning or end of one of its clocks.
    `client_key`: what the program calls the case that started it, beside our number; empty if people did.
    `suspended`: nobody and nothing moves it until somebody activates it; its limits run on.
    """

    __tablename__ = "process_instance"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    business_key: Mapped[str] = mapped_column(String(40), unique=True)
    process_id: Mapped[str] = mapped_column(Text)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"))
    bundle_hash: Mapped[str] = mapped_column(ForeignKey("bundle.hash"))
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    body: Mapped[dict[str, object]] = mapped_column(Json)
    chain_head: Mapped[str] = mapped_column(String(64), default="")
    chain_length: Mapped[int] = mapped_column(Integer, default=0)
    timer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    client_key: Mapped[str | None] = mapped_column(Text)
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        *_instance_indexes(),
        Index("ix_instance_starter", "started_by", "id"),
        Index("ix_instance_definition", "definition_id", "state", "id"),
    )


class EngineTask(Base):
    """One task of the engine. Live rows are what a step loads; the others are the history of activities."""

    __tablename__ = "engine_task"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    scope: Mapped[str] = mapped_column(String(36))
    parent: Mapped[str | None] = mapped_column(String(36))
    live_parent: Mapped[str | None] = mapped_column(String(36))
    seq: Mapped[int] = mapped_column(Integer)
    spec: Mapped[str] = mapped_column(Text)
    state: Mapped[int] = mapped_column(Integer)
    triggered: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    internal: Mapped[str | None] = mapped_column(Text)
    data: Mapped[str | None] = mapped_column(Text)
    live: Mapped[bool]


Index(
    "ix_engine_task_live",
    EngineTask.instance_id,
    EngineTask.seq,
    sqlite_where=text("live IS 1"),
    postgresql_where=text("live IS true"),
)


class UserTask(Base):
    """A task for a person; its id is the engine task's. `due_sort` is `due_at`, or else the end of time.

    `owner_id`: who delegated it; `delegation`: "pending" while the assignee has it from the owner, "resolved"
    once the owner has it back.
    `draft_by`: who typed the personal entries of the draft, by field; by default `changed_by`.
    `announced`: whether its candidates have been told, or need not be as it is closed; a worker finds the
    others."""

    __tablename__ = "user_task"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    business_key: Mapped[str] = mapped_column(String(40))
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(36), default="")
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    lane: Mapped[str] = mapped_column(Text, default="")
    lane_en: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    assignee_id: Mapped[str | None] = mapped_column(Text)
    candidate_groups: Mapped[list[str]] = mapped_column(Json)
    candidate_users: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_sort: Mapped[datetime] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(Integer, default=50)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    draft: Mapped[dict[str, object] | None] = mapped_column(Json)
    draft_by: Mapped[dict[str, str] | None] = mapped_column(Json)
    draft_saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    announced: Mapped[bool] = mapped_column(default=False, server_default=false())
    owner_id: Mapped[str | None] = mapped_column(Text)
    delegation: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        Index("ix_user_task_instance", "instance_id", "state"),
        Index(
            "ix_user_task_owner",
            "owner_id",
            "id",
            sqlite_where=text("owner_id IS NOT NULL"),
            postgresql_where=text("owner_id IS NOT NULL"),
        ),
        Index(
            "ix_user_task_due",
            "due_at",
            "instance_id",
            sqlite_where=text("state = 'open' AND due_at IS NOT NULL"),
            postgresql_where=text("state = 'open' AND due_at IS NOT NULL"),
        ),
        Index(
            "ix_user_task_unannounced",
            "created_at",
            "id",
            sqlite_where=text("announced IS 0"),
            postgresql_where=text("announced IS false"),
        ),
    )


def _task_indexes(name: str, person: str, sorts: tuple[str, ...], where: str) -> None:
    for sort in sorts:
        columns = (getattr(UserTask, column) for column in (person, sort, "id"))
        name_of, only = f"ix_user_task_{name}_{sort}", text(where)
        Index(name_of, *columns, sqlite_where=only, postgresql_where=only)


_task_indexes("mine", "assignee_id", TASK_SORTS, "state = 'open' AND assignee_id IS NOT NULL")
_task_indexes("done", "completed_by", DONE_SORTS, "completed_by IS NOT NULL")


class UserTaskCandidate(Base):
    """Who may take an open task: `principal` is `group:<id>` or `person:<id>`. Rows go when the task closes.

    The sort columns are repeated here so that the list of a group's tasks reads one index."""

    __tablename__ = "user_task_candidate"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    principal: Mapped[str] = mapped_column(Text, primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(Text)
    claimed: Mapped[bool] = mapped_column(default=False)
    business_key: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_sort: Mapped[datetime] = mapped_column(UtcDateTime)
    priority: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        *(Index(f"ix_candidate_{s}", "principal", "claimed", s, "task_id") for s in TASK_SORTS),
    )
