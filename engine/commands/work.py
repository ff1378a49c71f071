"""`python -m engine worker`: does due jobs in a process of its own; any number may run at once."""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, cast

from prometheus_client import start_http_server

from engine import logs
from engine.commands import migrate
from engine.commands.delivery import Services
from engine.commands.worker import BATCH, POLL, Worker
from engine.commands.worker_thread import keep_working
from engine.errors import AddressUnusable
from engine.schedule.jobs import LEASE

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options; a lease must be longer than the slowest job."""
    migrate.add_arguments(parser)
    add = parser.add_argument
    add("--poll", type=_positive, default=POLL, metavar="SECONDS",
        help="无事时多久再看 · between looks when nothing is due (%(default)s)")  # fmt: skip
    add("--batch", type=_count, default=BATCH, metavar="JOBS",
        help="一次领取几项 · jobs leased at once (%(default)s)")  # fmt: skip
    add("--lease", type=_positive, default=LEASE.total_seconds(), metavar="SECONDS",
        help="领取多久后他人可接手 · after which others may take a job over (%(default)s)")  # fmt: skip
    add("--once", action="store_true", help="做完到期事项即退出 · do what is due and exit")
    add("--metrics-port", type=_count, metavar="PORT",
        help="本机度量端口 · numbers for Prometheus on 127.0.0.1:PORT")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Works until SIGTERM or SIGINT, then ends after the job at hand. Raises NotMigrated,
    AddressUnusable."""
    configure_logs(os.environ)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with migrate.opened(options, migrated=True) as database:
        if options.metrics_port:
            _serve_metrics(options.metrics_port)
        lease = timedelta(seconds=options.lease)
        worker = Worker(database, Services.from_environment(os.environ), batch=options.batch, lease=lease)
        worker.starts(options.poll)
        if options.once:
            _once(worker, stop)
        else:
            keep_working(worker, stop, options.poll)
        log.info("worker stopped")
    return 0


def _serve_metrics(port: int) -> None:
    try:
        start_http_server(port, "127.0.0.1")
    except OSError as error:
        raise AddressUnusable(f"127.0.0.1:{port}", str(error), "--metrics-port") from error


def configure_logs(environ: Mapping[str, str]) -> None:
    """ZHIHUAN_LOG, by default JSON in production and text elsewhere."""
    production = environ.get("ZHIHUAN_ENV") == "production"
    form = environ.get("ZHIHUAN_LOG") or ("json" if production else "text")
    logs.configure(cast(Literal["json", "text"], form), quote=not production)


def _once(worker: Worker, stop: threading.Event) -> None:
    """All that is due, and what comes due by it."""
    total = 0
    while not stop.is_set() and (done := worker.run_once(stop=stop)):
        total += done
    print(total)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError("a whole number above 0")
    return int(text)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 86_400:
        raise argparse.ArgumentTypeError("seconds, above 0 and below a day")
    return number
