"""Logs: one line an event, with the request or job it belongs to, the case, the actor and the verb.

Modules log with the standard library; this is where lines get their shape. No line carries what people
entered: the texts of errors often quote it, so a fault is told by its type, its code and its place in the
program, and in full only where `quote` allows it (development).
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Literal, TextIO

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor

from engine.errors import EngineError

FORMS = ("json", "text")
QUIET = ("alembic", "amqp", "kombu")  # libraries that talk about themselves


def configure(
    form: Literal["json", "text"],
    *,
    quote: bool = False,
    stream: TextIO | None = None,
    level: int = logging.INFO,
) -> None:
    """Sends every line of the process to `stream` (default: standard error) as JSON or readable text.

    `quote`: whether tracebacks may quote the texts of errors."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(form, quote, stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)


def about(**facts: object) -> None:
    """Adds facts to every further line of this request or job: `about(instance=…)`. None adds nothing."""
    bind_contextvars(**{name: value for name, value in facts.items() if value is not None})


def within(**facts: object) -> AbstractContextManager[None]:
    """The same for the lines of a block."""
    return bound_contextvars(**facts)


def forget() -> None:
    """A new request begins: nothing of the one before carries over."""
    clear_contextvars()


def _formatter(form: str, quote: bool, colours: bool) -> logging.Formatter:
    fault: Processor = structlog.processors.format_exc_info if quote else _safe_fault
    drop = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    end: list[Processor] = [structlog.dev.ConsoleRenderer(colors=colours)]
    if form == "json":
        end = [_without_nothing, structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    before: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at" if form == "json" else "timestamp"),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=[drop, fault, *end])


def _without_nothing(_logger: Any, _method: str, line: EventDict) -> EventDict:
    return {name: value for name, value in line.items() if value is not None}


def _safe_fault(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """The fault of a line without the texts of its errors."""
    found = line.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line["exception"] = "\n".join(_told(one) for one in _chain(error))
    return line


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The first cause first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        yield from _chain(cause)
    yield error


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return "".join([*traceback.format_tb(error.__traceback__), f"{kind} {_facts(error)}".rstrip()])


def _facts(error: BaseException) -> str:
    """What is known to quote nobody: codes, and why a connection failed."""
    if isinstance(error, EngineError):
        return error.code
    for name in ("sqlite_errorname", "sqlstate", "strerror"):
        if fact := getattr(error, name, None):
            return str(fact)
    if type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return str(error).partition("\n")[0]  # no answer from the server: its address, never a value
    return ""
