"""Tokens of programs, read: one's own, and everybody's for who runs accounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.account_rules import may_read_accounts
from engine.queries.views import Actor
from engine.storage.models import ApiToken

SCOPES = ("read", "work", "deploy")


@dataclass(frozen=True)
class TokenView:
    """A token without its secret. `scopes` of "read" (look), "work" (start, claim, complete, cancel) and
    "deploy" (publish)."""

    id: str
    person_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def list_tokens(session: Session, actor: Actor, person_id: str | None = None) -> list[TokenView]:
    """A person's tokens, newest first; one's own by default.

    Raises NotAllowed for somebody else's, unless the actor may read accounts."""
    wanted = person_id or actor.person_id
    if wanted != actor.person_id:
        refusal = may_read_accounts(actor).refusal
        if refusal:
            raise refusal
    statement = select(ApiToken).where(ApiToken.person_id == wanted)
    rows = session.scalars(statement.order_by(ApiToken.created_at.desc(), ApiToken.id))
    return [token_view(row) for row in rows]


def token_view(row: ApiToken) -> TokenView:
    """What may be seen of a token."""
    return TokenView(
        row.id, row.person_id, row.name, tuple(row.scopes), row.created_at, row.expires_at, row.revoked_at,
        row.last_used_at,
    )  # fmt: skip
