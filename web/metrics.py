"""Numbers for Prometheus: what this process counted, and how the work in the database stands."""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import job_queue, open_tasks_by_group
from engine.errors import DatabaseUnavailable
from web.db import db
from web.security import LOOPBACK

bp = Blueprint("metrics", __name__)

REQUESTS = Counter("zhihuan_http_requests", "Answers given", ["endpoint", "method", "status"])
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # a folder in which the processes of a machine count together
GAUGES = {
    "due": ("zhihuan_jobs_due", "Jobs that are due, and tasks of which nobody was told yet"),
    "lag_seconds": ("zhihuan_job_lag_seconds", "How long the oldest of them that no worker holds has waited"),
    "failed": ("zhihuan_jobs_failed", "Jobs given up after all their attempts"),
    "incidents": ("zhihuan_incidents_open", "Incidents that no operator has dealt with"),
    "seen_seconds": ("zhihuan_worker_last_seen_seconds", "Since a worker last looked for work; +Inf: never"),
}


class Kept:
    """What the database says, asked again once it is older than `seconds`; one reader at a time."""

    def __init__(self, read: Callable[[Session], Any], seconds: float) -> None:
        self._read, self._seconds, self._lock = read, seconds, threading.Lock()
        self._value, self._until = None, float("-inf")

    def get(self) -> Any:
        """The value. Raises what the database raises."""
        with self._lock:
            if time.monotonic() >= self._until:
                with Session(db.engine) as session:
                    self._value = self._read(session)
                self._until = time.monotonic() + self._seconds
            return self._value


class DatabaseNumbers(Collector):
    """Gauges of the database, the same whichever process is asked; absent while it does not answer."""

    def __init__(self, seconds: float) -> None:
        self._queue = Kept(job_queue, seconds)
        self._groups = Kept(open_tasks_by_group, 12 * seconds)  # this one reads every open offer

    def collect(self) -> Iterator[Metric]:
        """One gauge a number of the queue, one for the tasks with a label a group."""
        up = GaugeMetricFamily("zhihuan_database_up", "Whether the database answers")
        try:
            queue, groups = self._queue.get(), self._groups.get()
        except (SQLAlchemyError, DatabaseUnavailable):
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        for name, (gauge, meaning) in GAUGES.items():
            yield GaugeMetricFamily(gauge, meaning, value=getattr(queue, name))
        tasks = GaugeMetricFamily("zhihuan_tasks_open", "Open tasks offered to a group", labels=["group"])
        for group, count in groups.items():
            tasks.add_metric([group], count)
        yield tasks


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The numbers, for whoever may read them."""
    if not _may_read():
        abort(403)
    counted = REGISTRY
    if os.environ.get(SHARED):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    gauges = CollectorRegistry()
    gauges.register(current_app.extensions["zhihuan_numbers"])
    return Response(generate_latest(counted) + generate_latest(gauges), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    """With the token, if one is set; else only programs on this machine, and none that a proxy lets in."""
    token = current_app.config["SETTINGS"].metrics_token
    if token:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())
    return request.remote_addr in LOOPBACK and not any(name in request.headers for name in FORWARDED)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count(response: Response) -> Response:
    """Counts an answer; addresses that lead nowhere are counted together."""
    method = request.method if request.method in METHODS else "other"  # anybody may send any word
    REQUESTS.labels(request.endpoint or "none", method, response.status_code).inc()
    return response


def init_app(app: Flask) -> None:
    """Count every answer. METRICS_SECONDS: how old the gauges may be."""
    app.extensions["zhihuan_numbers"] = DatabaseNumbers(app.config.get("METRICS_SECONDS", 5.0))
    app.after_request(count)
    app.register_blueprint(bp)
