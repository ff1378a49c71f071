"""How much computing walks may take: each person has so much time a minute for walking and scenarios."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort
from limits import RateLimitItemPerMinute

from web.auth import actor
from web.security import limiter

SECONDS = 10  # of computing at a time, for all scenarios together
A_MINUTE = RateLimitItemPerMinute(400)  # tenths of a second
LEAST = 2  # tenths that a request counts at least: many at once are limited, too


@contextmanager
def computing() -> Iterator[float]:
    """The seconds that this person may compute now, 0 if the minute's are used up; what the block takes is
    counted."""
    who, began = actor().person_id, time.monotonic()
    allowed = limiter.limiter.hit(A_MINUTE, "walks", who, cost=LEAST)
    try:
        yield SECONDS if allowed else 0
    finally:
        if allowed and (more := round((time.monotonic() - began) * 10) - LEAST) > 0:
            limiter.limiter.hit(A_MINUTE, "walks", who, cost=more)


@contextmanager
def walking() -> Iterator[None]:
    """The same for a page that only a walk makes: 429 if the minute's time is used up."""
    with computing() as seconds:
        if not seconds:
            abort(429)
        yield
