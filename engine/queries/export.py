"""A published bundle as files again: one of them, or all in a zip that can be deployed elsewhere."""

from sqlalchemy.orm import Session

from engine.diagram.archive import write_archive
from engine.errors import SourceNotFound
from engine.queries.access import check_definition_reader
from engine.queries.bundles import bundle_of
from engine.queries.definition_page import find_version
from engine.queries.views import Actor


def get_source(session: Session, process_id: str, version: int, name: str, actor: Actor) -> bytes:
    """One file of a version, as it was deployed.

    Raises NotAllowed, ProcessNotFound, VersionNotFound, SourceNotFound."""
    check_definition_reader(actor)
    bundle = bundle_of(session, find_version(session, process_id, version).bundle_hash)
    if name not in bundle.sources:
        raise SourceNotFound(name=name)
    return bundle.sources[name]


def export_bundle(session: Session, process_id: str, version: int, actor: Actor) -> bytes:
    """All files of a version as a zip; deploying them again gives the same bundle hash.

    Raises NotAllowed, ProcessNotFound, VersionNotFound."""
    check_definition_reader(actor)
    bundle = bundle_of(session, find_version(session, process_id, version).bundle_hash)
    return write_archive(bundle.sources)  # of no day: the same bundle is always the same zip
