"""Baseline (b): the five steps in django-viewflow, which keeps tasks and their owners as rows too.

Django is set up here, once a process; the flow stands in `flows.py`. A completion is what its own pages do:
the activation of the task takes the lock and the transaction, the person is assigned, the form's values are
saved with the process, the task is executed. The same pragmas as ours."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.bench.measure import milliseconds
from tests.bench.sqlite_file import AS_IT_COMES, PRAGMAS


def set_up(file: Path) -> None:
    """Django with viewflow and a SQLite file; migrated."""
    options = {
        "init_command": ";".join(f"PRAGMA {pragma}" for pragma in PRAGMAS),
        "transaction_mode": "IMMEDIATE",
    }
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow",
                        "viewflow.workflow", "tests.bench"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)


class ViewflowSide:
    """Processes of the five steps, each worked on by one user."""

    def __init__(self, file: Path) -> None:
        set_up(file)
        from django.contrib.auth.models import User

        self._user = User.objects.create(username="cs")
        self._request = SimpleNamespace(user=self._user)
        self._done = 0

    def start(self) -> int:
        """Starts a process; the number of its first task."""
        from tests.bench.flows import FiveSteps

        process = FiveSteps.start.run(gist="阀门渗漏")
        return self._open(process.pk)

    def complete(self, task_number: int, values: Mapping[str, object]) -> int:
        """What is measured: one completion, one commit; the number of the process."""
        from viewflow.workflow.models import Task

        task = Task.objects.get(pk=task_number)
        with task.activation() as activation:
            activation.assign(self._user)
            activation.start(self._request)
            activation.process.data.update(values)
            activation.process.save()
            activation.execute()
        return int(task.process_id)

    def step(self, task_number: int, values: Mapping[str, object]) -> tuple[float, int]:
        """Milliseconds of one completion, and the number of the next open task (0: none)."""
        done: list[int] = []
        took = milliseconds(lambda: done.append(self.complete(task_number, values)))
        return took, self._open(done[0])

    @staticmethod
    def _open(process: int) -> int:
        from viewflow.workflow.models import Task

        task = Task.objects.filter(process_id=process, status="NEW").first()
        return int(task.pk) if task else 0

    def as_it_comes(self) -> None:
        """From now on with SQLite's own journal, as in Django's documentation."""
        with connection.cursor() as cursor:
            cursor.execute(AS_IT_COMES)
