"""The vocabulary of the tests of notifications: announce, who was told, channels, what waits to leave."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine
from engine.commands.delivery import Services
from engine.commands.notices import announce_tasks
from engine.commands.worker import run_due
from engine.storage.models import Job, Notification
from tests.drive import House
from tests.engine.bpmn_text import diagram, flow
from tests.engine.houses import END, START, field, task
from tests.engine.listening import Postbox, Robot, postbox, robot

DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token="


def house_of(groups: str = "cs", **more: str) -> dict[str, bytes]:
    """One task of these groups."""
    return {
        "p.bpmn": diagram(
            START + task("UT_do", field("note"), groups=groups, **more) + END
            + flow("SE", "UT_do") + flow("UT_do", "EE_done")
        )
    }  # fmt: skip


def announce(house: House) -> int:
    """One batch, as the worker does it."""
    with engine.transaction(house.session):
        return announce_tasks(house.session, house.clock.now)


def told(session: Session, kind: str = "task") -> list[str]:
    """Who was told of something, in order."""
    session.rollback()
    return sorted(session.scalars(select(Notification.person_id).where(Notification.kind == kind)))


def inbox(house: House, person: str, unread: bool = False) -> list[engine.NotificationView]:
    """A person's notifications."""
    house.session.rollback()
    return engine.list_notifications(house.session, house.actor(person), unread=unread).items


def set_channel(house: House, person: str, channel: str, address: str, **more: object) -> None:
    """Somebody chooses a channel."""
    with engine.transaction(house.session):
        engine.set_channel(
            house.session, house.actor(person), channel, address, now=house.clock.now, **more
        )  # type: ignore[arg-type]


def jobs(session: Session) -> list[Job]:
    """The notifications that wait to leave the house."""
    session.rollback()
    return list(session.scalars(select(Job).where(Job.kind.in_(("mail", "webhook"))).order_by(Job.id)))


def open_to(box: Postbox, wall: Robot) -> Services:
    """Services that may send mail there and call that robot."""
    return Services(box.url, "q@example.com", "https://qf.example", frozenset({wall.origin}))


def drive(home: House, services: Services, hours: int) -> None:
    """Time passes in half hours, and a worker does what is due."""
    for _ in range(hours * 2):
        home.session.rollback()
        run_due(home.session.get_bind(), services, now=home.clock.advance(minutes=30))


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server."""
    with postbox() as opened:
        yield opened


@pytest.fixture
def wall() -> Iterator[Robot]:
    """A server on which group robots live."""
    with robot() as opened:
        yield opened
