"""Files named on the forms of a walk: they stand for real ones, and nobody keeps their content."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from engine.commands.trying.stand_ins import BEGAN, OBSERVER
from engine.queries.views import SAMPLE, Actor, AttachmentView
from engine.storage.models import Attachment

MEDIA_TYPE = "application/octet-stream"
NO_CONTENT = "0" * 64


def sample_id(filename: str) -> str:
    """The value of a file field that names a file which was only shown."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    return SAMPLE + "".join(char for char in name if char.isprintable())[-100:]


def keep_samples(session: Session, actor: Actor, values: Mapping[str, object]) -> None:
    """Lets a form name the sample files among these values."""
    for found in set(_ids(values.values())):
        if session.get(Attachment, found) is None:
            session.add(
                Attachment(
                    id=found, filename=found.removeprefix(SAMPLE), media_type=MEDIA_TYPE,
                    size=0, sha256=NO_CONTENT, uploaded_at=BEGAN, uploaded_by=actor.person_id,
                )
            )  # fmt: skip
            session.flush()


def sample_views(values: Mapping[str, object]) -> list[AttachmentView]:
    """The sample files among these values, as a form shows those that were sent a moment ago."""
    return [
        AttachmentView(i, i.removeprefix(SAMPLE), MEDIA_TYPE, 0, NO_CONTENT, BEGAN, OBSERVER, OBSERVER)
        for i in sorted(set(_ids(values.values())))
    ]


def _ids(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str) and value.startswith(SAMPLE):
            yield value
        elif isinstance(value, Mapping):
            yield from _ids(value.values())
        elif isinstance(value, list):
            yield from _ids(value)
