"""Celery as the dispatcher of jobs: real brokers, real processes; the rows stay the truth."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Connection, Producer
from kombu.exceptions import OperationalError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import engine
from engine.schedule import jobs
from tests.engine.test_delivery import notice
from tests.engine.waiting_case import due_jobs, overdue_cases, reminders
from tests.processes import Process, eventually, started

BROKERS = {
    "rabbitmq": os.environ.get("ZHIHUAN_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//"),
    "redis": os.environ.get("ZHIHUAN_TEST_REDIS", "redis://127.0.0.1:6379/0"),
}


@dataclass
class Cluster:
    """A broker with a queue of this test's own, and what runs on it."""

    broker: str
    queue: str
    database: Engine
    folder: Path
    running: ExitStack
    hosts: str = ""

    def start(self, *words: str) -> Process:
        """`celery -A engine.cluster …words`."""
        settings = {
            "broker_url": self.broker, "queue": self.queue, "log": "json", "lease": "4",
            "webhook_hosts": self.hosts,
            "database_url": self.database.url.render_as_string(hide_password=False),
        }  # fmt: skip
        log = self.folder / f"{uuid4().hex}.log"
        command = ("celery", "-A", "engine.cluster", *words)
        return self.running.enter_context(started(log, *command, **settings))

    def beat(self) -> Process:
        """The process that asks for dispatches."""
        return self.start("beat", "--pidfile=")

    def worker(self) -> Process:
        """A worker that does one thing at a time, and has connected."""
        name = f"{uuid4().hex[:8]}@test"
        worker = self.start("worker", "-c", "1", "-n", name, "--without-gossip", "--without-mingle")
        worker.says("ready")
        return worker

    def send(self, task: str, *args: object) -> None:
        """A message, as Celery sends it."""
        headers = {"task": f"zhihuan.{task}", "id": str(uuid4()), "lang": "py"}
        body = (args, {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None})
        with Connection(self.broker) as connection, connection.channel() as channel:
            queue = connection.SimpleQueue(self.queue).queue
            producer = Producer(channel, serializer="json")
            producer.publish(body, routing_key=self.queue, declare=[queue], headers=headers)


def answers(broker: str) -> bool:
    """Whether a broker can be reached."""
    try:
        with Connection(broker, connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError):
        return False
    return True


def clean_up(broker: str, queue: str) -> None:
    """Leaves nothing of a test on the broker."""
    with Connection(broker) as connection, connection.channel() as channel:
        channel.queue_delete(queue)
        if broker.startswith("amqp"):
            channel.exchange_delete(queue)
        else:
            for key in channel.client.scan_iter(f"*{queue}*"):
                channel.client.delete(key)


@pytest.fixture(params=["rabbitmq", pytest.param("redis", marks=pytest.mark.long)])
def cluster(request: pytest.FixtureRequest, database: Engine, tmp_path: Path) -> Iterator[Cluster]:
    """A broker that answers; skipped without one, but never in continuous integration."""
    broker = BROKERS[request.param]
    if not answers(broker):
        if os.environ.get("CI"):
            pytest.fail(f"continuous integration needs {request.param}")
        pytest.skip(f"no {request.param} answers")
    queue = f"zhihuan-test-{uuid4().hex[:12]}"
    with ExitStack() as running:
        yield Cluster(broker, queue, database, tmp_path, running)
    clean_up(broker, queue)


def test_a_timer_fires_through_beat_and_workers(cluster: Cluster) -> None:
    overdue_cases(cluster.database, cluster.folder, 5)
    worker, beat = cluster.worker(), cluster.beat()
    fired = eventually(lambda: reminders(cluster.database) == 5 and not due_jobs(cluster.database))
    assert fired, worker.said
    assert worker.stop() == 0
    beat.says('"event": "beat ticks"')
    with Session(cluster.database) as session:
        assert engine.job_queue(session).seen_seconds < 60  # what watches workers of our own watches these


def test_a_message_that_comes_twice_has_one_effect(cluster: Cluster) -> None:
    """And so has one that comes after the job was given to somebody else."""
    overdue_cases(cluster.database, cluster.folder)
    with Session(cluster.database) as session, engine.transaction(session):
        old = jobs.lease(session, "gone", datetime.now(UTC) - timedelta(hours=1), 1)[0]
        new = jobs.lease(session, "dispatcher", datetime.now(UTC), 1)[0]
    worker = cluster.worker()
    for fence in (old.fence, new.fence, new.fence):
        cluster.send("run", new.id, fence)
    assert eventually(lambda: worker.said.count("in other hands") == 2), worker.said
    assert reminders(cluster.database) == 1
    assert worker.said.count("job done") == 1


@pytest.mark.long
def test_a_lost_message_is_sent_again_when_its_lease_has_ended(cluster: Cluster) -> None:
    overdue_cases(cluster.database, cluster.folder)
    with Session(cluster.database) as session, engine.transaction(session):
        jobs.lease(session, "dispatcher", datetime.now(UTC), 1, timedelta(seconds=3))
    worker, _ = cluster.worker(), cluster.beat()
    assert eventually(lambda: reminders(cluster.database) == 1), worker.said


def test_the_job_of_a_killed_worker_is_done_by_another(cluster: Cluster) -> None:
    """It is killed while the group robot that it calls has not answered yet."""
    with slow_robot() as (origin, calls):
        cluster.hosts = origin
        with Session(cluster.database) as session, engine.transaction(session):
            payload = notice(f"{origin}/robot", channel="wecom", secret="")
            jobs.put_jobs(session, [{"kind": "webhook", "payload": payload}], datetime.now(UTC))
        killed, _ = cluster.worker(), cluster.beat()
        assert eventually(lambda: calls), killed.said
        os.killpg(killed.popen.pid, signal.SIGKILL)
        assert due_jobs(cluster.database) == 1
        heir = cluster.worker()
        assert eventually(lambda: not due_jobs(cluster.database)), heir.said
    assert heir.said.count("job done") == 1
    assert len(calls) == 2
    assert calls[0] == calls[1]  # the same idempotency key: at least once, and the robot can tell


@contextmanager
def slow_robot() -> Iterator[tuple[str, list[str]]]:
    """A group robot that never answers its first call; its origin and the keys of the calls so far."""
    calls: list[str] = []
    over = threading.Event()

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(self.headers["X-Idempotency-Key"])
            if len(calls) == 1:
                over.wait(60)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"errcode": 0}')

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    over.set()
    server.shutdown()
    server.server_close()
