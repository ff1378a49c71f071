"""May this person do this to this task? Pure rules: verbs refuse by them, pages explain by them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import DelegationPending, EngineError, NotACandidate, NotAllowed, NotDelegated
from engine.queries.access import CANCELLERS, EVERYBODY, sees_nothing
from engine.queries.views import Actor, Permission

LEAD = "_lead"
PUBLISHERS = frozenset({"owner"})


@dataclass(frozen=True)
class Holders:
    """Who an open task is offered to, and who has taken it; `pending`: the assignee has it from the owner."""

    assignee: str | None
    candidate_groups: Sequence[str]
    candidate_users: Sequence[str]
    owner: str | None = None
    pending: bool = False

    def offered_to(self, actor: Actor) -> bool:
        """The actor is a candidate, by name or by group."""
        return self.offers(actor.person_id, actor.groups)

    def offers(self, person_id: str, groups: Iterable[str]) -> bool:
        """This person is a candidate; everybody belongs to the group of all staff."""
        by_group = {EVERYBODY, *groups}.intersection(self.candidate_groups)
        return bool(by_group) or person_id in self.candidate_users

    def led_by(self, actor: Actor) -> bool:
        """The actor leads a candidate group: `qa_lead` leads `qa`."""
        return any(f"{group}{LEAD}" in actor.groups for group in self.candidate_groups)

    def names(self) -> str:
        """Who it belongs to, for a refusal."""
        return self.assignee or ", ".join([*self.candidate_groups, *self.candidate_users])


def role_of(holders: Holders, actor: Actor) -> str:
    """The role in which the actor works on the task: a candidate group, or as assignee."""
    groups = [group for group in holders.candidate_groups if group in actor.groups]
    return groups[0] if groups else "assignee"


def may_complete(holders: Holders, actor: Actor) -> Permission:
    """The assignee may, unless it is delegated to him; an unassigned task, any candidate may."""
    if holders.pending and holders.assignee == actor.person_id:
        return _no(DelegationPending(who=holders.owner or ""))
    return may_work(holders, actor)


def may_work(holders: Holders, actor: Actor) -> Permission:
    """The assignee may fill in the form, also of a delegated task; so may any candidate of a free one."""
    if sees_nothing(actor):
        return _no(NotACandidate(who=holders.names()))
    mine = holders.assignee == actor.person_id
    free = holders.assignee is None and holders.offered_to(actor)
    return Permission(True) if mine or free else _no(NotACandidate(who=holders.names()))


def may_delegate(holders: Holders, actor: Actor) -> Permission:
    """The assignee may have somebody else prepare a task, and completes it afterwards."""
    if holders.pending:
        return _no(DelegationPending(who=holders.owner or ""))
    mine = holders.assignee == actor.person_id and not sees_nothing(actor)
    return Permission(True) if mine else _no(NotACandidate(who=holders.names()))


def may_resolve(holders: Holders, actor: Actor) -> Permission:
    """Whoever has a delegated task may give it back, and its owner may take it back."""
    if not holders.pending and may_work(holders, actor).allowed:
        return _no(NotDelegated())
    concerned = holders.pending and actor.person_id in (holders.assignee, holders.owner)
    return Permission(True) if concerned else _no(NotACandidate(who=holders.names()))


def may_claim(holders: Holders, actor: Actor) -> Permission:
    """A candidate may claim what nobody has claimed."""
    if holders.assignee == actor.person_id:
        return _no(NotAllowed(what="the task is already yours", what_zh="该任务已由您认领"))
    return may_work(holders, actor)


def may_release(holders: Holders, actor: Actor) -> Permission:
    """The assignee may give a task back, if somebody else is offered it."""
    if holders.assignee != actor.person_id:
        return _no(NotACandidate(who=holders.names()))
    if holders.pending:
        return _no(DelegationPending(who=holders.owner or ""))
    if not holders.candidate_groups and not holders.candidate_users:
        return _no(NotAllowed(what="nobody else is offered this task", what_zh="该任务没有其他候选人"))
    return Permission(True)


def may_assign(holders: Holders, actor: Actor) -> Permission:
    """The assignee may hand a task over (unless it is delegated to him), the group's lead may give it to a
    candidate, and so may a candidate as long as nobody has taken it.

    Where nobody is a candidate the leads of the register may, or a case would wait for ever for somebody who
    left."""
    if sees_nothing(actor):
        return _no(NotACandidate(who=holders.names()))
    orphan = not holders.candidate_groups and not holders.candidate_users
    leads = orphan and not actor.groups.isdisjoint(CANCELLERS)
    mine = holders.assignee == actor.person_id and not holders.pending
    free = holders.assignee is None and holders.offered_to(actor)
    allowed = mine or leads or free or holders.led_by(actor)
    return Permission(True) if allowed else _no(NotACandidate(who=holders.names()))


def may_publish(actor: Actor) -> Permission:
    """Process owners deploy."""
    if actor.groups & PUBLISHERS:
        return Permission(True)
    return _no(NotAllowed(what="publish processes", what_zh="发布流程"))


def may_suspend_process(actor: Actor) -> Permission:
    """Process owners hold and release what they publish."""
    if actor.groups & PUBLISHERS:
        return Permission(True)
    return _no(NotAllowed(what="suspend or activate processes", what_zh="暂停或恢复流程"))


def may_move_instances(actor: Actor) -> Permission:
    """Process owners move running cases to another version; administrators see no case."""
    if actor.groups & PUBLISHERS:
        return Permission(True)
    return _no(NotAllowed(what="move cases to another version", what_zh="迁移案件"))


def _no(refusal: EngineError) -> Permission:
    return Permission(False, refusal)
