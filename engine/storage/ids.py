"""Ids of new rows."""

from uuid_utils.compat import uuid7


def new_id() -> str:
    """A UUID that begins with the time (RFC 9562, version 7): rows made together lie together in every index,
    where random ids would touch a page each."""
    return str(uuid7())
