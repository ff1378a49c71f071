"""Refusals about process instances: what is there of them, what may still be done."""

from engine.errors.refusal import EngineError, NotFound


class InstanceNotFound(NotFound):
    """There is no case {id} that you may see."""

    code = "instance_not_found"
    zh = "没有您可以查看的案件 {id}。"
    id: str = ""


class InstanceMigrationNotFound(NotFound):
    """There is no such migration of cases."""

    code = "instance_migration_not_found"
    zh = "没有这次案件迁移。"
    id: str = ""


class SameVersion(EngineError):
    """These are twice the same version: there is nowhere to move."""

    code = "same_version"
    zh = "两个版本相同，无处可迁。"


class NothingToMove(EngineError):
    """No case runs on version {version} any more."""

    code = "nothing_to_move"
    zh = "已没有案件运行在第 {version} 版上。"
    version: int = 0


class RecordNotFound(NotFound):
    """There is no record {id} in this case."""

    code = "record_not_found"
    zh = "该案件中没有记录 {id}。"
    id: str = ""


class ValueNotFound(NotFound):
    """There is no value {id} that you may see."""

    code = "value_not_found"
    zh = "没有您可以查看的变量 {id}。"
    id: str = ""


class AlreadyEnded(EngineError):
    """This case has already ended ({state})."""

    code = "already_ended"
    zh = "该案件已结束（{state}）。"
    state: str = ""
    state_zh: str = ""


class CaseSuspended(EngineError):
    """This case is suspended: nobody can move it until it is activated again."""

    code = "case_suspended"
    zh = "该案件已暂停，恢复之前无法办理。"


class DefinitionSuspended(EngineError):
    """This process is suspended: no case of it starts until it is activated again."""

    code = "definition_suspended"
    zh = "该流程已暂停，恢复之前不能发起案件。"


class SuspendedAlready(EngineError):
    """This is suspended already."""

    code = "suspended_already"
    zh = "已经处于暂停状态。"


class NotSuspended(EngineError):
    """This is not suspended."""

    code = "not_suspended"
    zh = "并未暂停。"
