"""Tables of what is remembered: submissions, signatures, variables, history, records, files.
Append-only but for `variable` (the current value of each name) and `number_sequence`."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.base import Base
from engine.storage.types import CanonicalJson, UtcDateTime


class Submission(Base):
    """A form as submitted: who, in which role, when, the values and their hash. Rework adds a new one."""

    __tablename__ = "submission"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("user_task.id"))
    seq: Mapped[int] = mapped_column(Integer)
    process_id: Mapped[str] = mapped_column(Text)
    element_id: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(String(36), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, object]] = mapped_column(CanonicalJson)
    content_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_submission_instance", "instance_id", "seq"),
        Index("ix_submission_element", "instance_id", "element_id", "by"),
    )


class Signature(Base):
    """A signature on a submission: printed name, meaning, time, hash of what was signed (21 CFR 11.50)."""

    __tablename__ = "signature"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str] = mapped_column(Text)
    meaning: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    printed_name: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_hash: Mapped[str] = mapped_column(String(64))


class Variable(Base):
    """The current value of a name in an instance; `scope` is "" or a multi-instance child."""

    __tablename__ = "variable"

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[object | None] = mapped_column(CanonicalJson)
    text: Mapped[str] = mapped_column(Text, default="")
    personal: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(64))


class SearchGram(Base):
    """Two neighbouring characters of an instance's texts, or the last one of a word: finds substrings without
    reading every row. Sorted as bytes, so that those with one beginning lie together."""

    __tablename__ = "search_gram"

    gram: Mapped[str] = mapped_column(
        String(2).with_variant(String(2, collation="C"), "postgresql"), primary_key=True
    )
    personal: Mapped[bool] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)


class Attachment(Base):
    """A file: name as given, type as sniffed, content by hash. `instance_id` is set when a form names it."""

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    filename: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class HistoryEvent(Base):
    """One link of an instance's chain: `hash` = sha256(`prev_hash` + canonical JSON of the other columns)."""

    __tablename__ = "history_event"

    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[str | None] = mapped_column(String(64))
    actor_name: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    process_id: Mapped[str | None] = mapped_column(Text)
    element_id: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[str | None] = mapped_column(String(36))
    reason: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, object] | None] = mapped_column(CanonicalJson)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class NumberSequence(Base):
    """The last number given out, by pattern and period; locked until the number's transaction ends."""

    __tablename__ = "number_sequence"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class IssuedRecord(Base):
    """A numbered record, frozen when issued."""

    __tablename__ = "issued_record"

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, default="")
    copies: Mapped[str] = mapped_column(Text, default="")
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    content: Mapped[dict[str, object]] = mapped_column(CanonicalJson)
    content_hash: Mapped[str] = mapped_column(String(64))
