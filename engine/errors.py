"""Every refusal of the engine: a class whose docstring is the English message, `zh` the Chinese one,
with a stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

Lang = Literal["zh", "en"]
LEVELS = {"error": {"zh": "错误", "en": "error"}, "warning": {"zh": "警告", "en": "warning"}}


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of an uploaded file: where, how bad, on which element, and the message in both languages.

    `facts`: what the message is made of, by name, as far as these are plain texts."""

    file: str
    line: int
    column: int
    level: Literal["error", "warning"]
    element: str
    code: str
    zh: str
    en: str
    facts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def text(self, lang: Lang = "en") -> str:
        """`file:line:column level element message`, the line that editors and CI understand."""
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where} {LEVELS[self.level][lang]} {self.element or '-'} {self.message(lang)}"

    def message(self, lang: Lang = "en") -> str:
        """The message alone, in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class FieldProblem:
    """One fault of a submitted form; `field` is a dotted path for table rows, e.g. `actions.0.due`."""

    field: str
    zh: str
    en: str

    def text(self, lang: Lang = "en") -> str:
        """The message alone, in one language."""
        return self.zh if lang == "zh" else self.en


class EngineError(Exception):
    """The engine refused."""

    code: ClassVar[str] = "engine"
    zh: ClassVar[str] = "引擎拒绝了该操作。"
    keeps_writes: ClassVar[bool] = False  # True: the transaction is committed although the verb refused

    def __init__(self, *args: object, **facts: object) -> None:
        """Positional arguments fill the class's annotated attributes in order; keywords by name."""
        names = [name for name, kind in type(self).__annotations__.items() if "ClassVar" not in str(kind)]
        for name, value in {**dict(zip(names, args, strict=False)), **facts}.items():
            setattr(self, name, value)
        super().__init__(*args)

    def message(self, lang: Lang = "en") -> str:
        """The refusal in one language, with its facts filled in."""
        template = self.zh if lang == "zh" else (type(self).__doc__ or "")
        return template.format_map(_Facts(self, lang))

    def __str__(self) -> str:
        return self.message("en")


class _Facts(dict[str, object]):
    """Lets a template read an error's attributes; `name_zh`, where it exists, is `name` in Chinese."""

    def __init__(self, error: EngineError, lang: Lang) -> None:
        super().__init__()
        self.error, self.lang = error, lang

    def __missing__(self, name: str) -> object:
        own = getattr(self.error, f"{name}_zh", None) if self.lang == "zh" else None
        value = own or getattr(self.error, name, "")
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M UTC")
        if isinstance(value, (list, tuple)):
            return " ".join(_shown(v, self.lang) for v in value)
        return value


def _shown(value: object, lang: Lang) -> str:
    """A problem in one line, a form's with the name of its field."""
    field = f"{value.field}: " if isinstance(value, FieldProblem) else ""
    return field + value.text(lang) if isinstance(value, (Problem, FieldProblem)) else str(value)


class NotFound(EngineError):
    """Not found: {id}."""

    code = "not_found"
    zh = "找不到：{id}。"
    id: str = ""


class TaskNotFound(NotFound):
    """There is no task {id} that you may see."""

    code = "task_not_found"
    zh = "没有您可以查看的任务 {id}。"
    id: str = ""


class InstanceNotFound(NotFound):
    """There is no case {id} that you may see."""

    code = "instance_not_found"
    zh = "没有您可以查看的案件 {id}。"
    id: str = ""


class ProcessNotFound(NotFound):
    """There is no deployed process {id}."""

    code = "process_not_found"
    zh = "没有已部署的流程 {id}。"
    id: str = ""


class VersionNotFound(NotFound):
    """The process {id} has no version {version}."""

    code = "version_not_found"
    zh = "流程 {id} 没有版本 {version}。"
    id: str = ""
    version: int = 0


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


class SourceNotFound(NotFound):
    """This version has no file {name}."""

    code = "source_not_found"
    zh = "该版本没有文件 {name}。"
    name: str = ""


class AttachmentNotFound(NotFound):
    """There is no attachment {id} that you may see."""

    code = "attachment_not_found"
    zh = "没有您可以查看的附件 {id}。"
    id: str = ""


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


class CommentNotFound(NotFound):
    """There is no comment {id} on this task."""

    code = "comment_not_found"
    zh = "该任务没有留言 {id}。"
    id: str = ""


class PersonNotFound(NotFound):
    """There is no person {id}."""

    code = "person_not_found"
    zh = "没有人员 {id}。"
    id: str = ""


class GroupNotFound(NotFound):
    """There is no group {id}: groups come with a deployment of groups.csv."""

    code = "group_not_found"
    zh = "没有岗位组 {id}：岗位组随部署的 groups.csv 而来。"
    id: str = ""


class NotAllowed(EngineError):
    """You may not do this: {what}."""

    code = "not_allowed"
    zh = "您无权执行此操作：{what}。"
    what: str = ""
    what_zh: str = ""


class NotACandidate(NotAllowed):
    """This task belongs to {who}; you may not work on it."""

    code = "not_a_candidate"
    zh = "该任务属于 {who}，您不能办理。"
    who: str = ""


class DelegationPending(NotAllowed):
    """This task is delegated: it goes back to {who} first, who completes it."""

    code = "delegation_pending"
    zh = "该任务是委派的：须先交回 {who}，由其办结。"
    who: str = ""


class NotDelegated(EngineError):
    """This task is not delegated to anybody now."""

    code = "not_delegated"
    zh = "该任务目前未委派给任何人。"


class BadComment(EngineError):
    """A comment has 1 to {most} characters."""

    code = "bad_comment"
    zh = "留言须为 1 至 {most} 个字符。"
    most: int = 4000


class TaskNotOpen(EngineError):
    """This task is no longer open: {state} by {completed_by} at {completed_at}."""

    code = "task_not_open"
    zh = "该任务已不在办：{state}，{completed_by}，{completed_at}。"
    completed_by: str = ""
    completed_at: datetime | None = None
    state: str = "completed"
    state_zh: str = "已完成"


class StaleTask(EngineError):
    """Somebody was faster: {completed_by} has just changed or completed this task."""

    code = "stale_task"
    zh = "有人先您一步：{completed_by} 刚刚更改或完成了该任务。"
    completed_by: str = ""


class TaskMoved(StaleTask):
    """The case was moved to version {version} meanwhile: open the task again to see its present form."""

    code = "task_moved"
    zh = "打开本页之后，案件已迁移到第 {version} 版：请重新打开任务，查看现行表单。"
    version: int = 0


class FourEyes(NotAllowed):
    """Four eyes: you completed “{element}”, so somebody else must do this."""

    code = "four_eyes"
    zh = "双人原则：您已完成“{element}”，本任务须由他人办理。"
    element: str = ""
    element_zh: str = ""


class SignatureRequired(EngineError):
    """This task is signed ({meaning}): enter your password again."""

    code = "signature_required"
    zh = "本任务须签名（{meaning}）：请再次输入密码。"
    meaning: str = ""


class WrongPassword(EngineError):
    """The user name or the password is wrong."""

    code = "wrong_password"
    zh = "用户名或密码不正确。"
    keeps_writes = True


class AccountLocked(WrongPassword):
    """Too many wrong passwords: the account is locked until {until}."""

    code = "account_locked"
    zh = "密码错误次数过多：账号锁定至 {until}。"
    until: datetime | None = None


class WeakPassword(EngineError):
    """A password needs at least {minimum} characters and must not be the user name."""

    code = "weak_password"
    zh = "密码至少 {minimum} 个字符，且不得与用户名相同。"
    minimum: int = 10


class SamePassword(WeakPassword):
    """The new password must differ from the present one."""

    code = "same_password"
    zh = "新密码不得与现用密码相同。"


class PasswordsDiffer(EngineError):
    """The two passwords differ."""

    code = "passwords_differ"
    zh = "两次输入的密码不一致。"


class NotMigrated(EngineError):
    """The database {where} is not that of this version: run `python -m engine migrate` first."""

    code = "not_migrated"
    zh = "数据库 {where} 与本版本不符：请先运行 `python -m engine migrate`。"
    where: str = ""


class DatabaseUnusable(EngineError):
    """The database {where} cannot be used: {cause}"""

    code = "database_unusable"
    zh = "无法使用数据库 {where}：{cause}"
    where: str = ""
    cause: str = ""


class InitialPassword(NotAllowed):
    """Somebody else knows your password: choose your own before you sign."""

    code = "initial_password"
    zh = "您的密码由他人设定：请先改为自己的密码，再签名。"


class BadUserName(EngineError):
    """A user name is 2 to 64 of a-z, 0-9, dot, hyphen and underscore, the first a-z or 0-9, not “{id}”."""

    code = "bad_user_name"
    zh = "用户名为 2 至 64 个小写字母、数字、点、连字符或下划线，以字母或数字开头，不能是“{id}”。"
    id: str = ""


class BadName(EngineError):
    """A person needs a name of at most {maximum} printable characters."""

    code = "bad_name"
    zh = "请填写姓名，不超过 {maximum} 个可见字符。"
    maximum: int = 200


class OwnAccount(NotAllowed):
    """Nobody administers the own account: ask another administrator."""

    code = "own_account"
    zh = "任何人不得管理自己的账号：请由另一位管理员办理。"


class LastAdmin(NotAllowed):
    """{id} is the last active administrator: appoint another one first."""

    code = "last_admin"
    zh = "{id} 是最后一位在用的系统管理员：请先任命另一位。"
    id: str = ""


class AdminAlone(EngineError):
    """An administrator sees no business data: admin cannot be combined with {others}."""

    code = "admin_alone"
    zh = "系统管理员不接触业务数据：admin 不得与 {others} 兼任。"
    others: str = ""


class NothingToChange(EngineError):
    """It is so already: nothing was changed."""

    code = "nothing_to_change"
    zh = "现状已是如此，未作更改。"


class StaleAccount(EngineError):
    """Somebody was faster: the groups of {id} have just been changed. Look again."""

    code = "stale_account"
    zh = "有人先您一步：{id} 的岗位组刚被更改，请重新查看。"
    id: str = ""


class PersonExists(EngineError):
    """The user name {id} is taken or was used before; accounts are never reassigned."""

    code = "person_exists"
    zh = "用户名 {id} 已被使用；账号不得转用。"
    id: str = ""


class ReasonRequired(EngineError):
    """This needs a reason."""

    code = "reason_required"
    zh = "请填写理由。"


class FormInvalid(EngineError):
    """Please correct the form: {problems}"""

    code = "form_invalid"
    zh = "请更正表单：{problems}"
    problems: Sequence[FieldProblem] = ()


class UnkeepableText(EngineError):
    """A text holds a character that cannot be kept: NUL, or half of a character."""

    code = "unkeepable_text"
    zh = "文字中含有无法保存的字符（NUL 或残缺字符）。"


class BundleRefused(EngineError):
    """The files cannot be deployed: {problems}"""

    code = "bundle_refused"
    zh = "文件无法部署：{problems}"
    problems: Sequence[Problem] = ()


class BundleChanged(EngineError):
    """The stored files of process {process_id} are not what was deployed: {found}, not {expected}."""

    code = "bundle_changed"
    zh = "流程 {process_id} 存储的文件与部署时不一致：现为 {found}，应为 {expected}。"
    process_id: str = ""
    expected: str = ""
    found: str = ""


class ExpressionError(EngineError):
    """Expression “{source}”: {reason}."""

    code = "expression_error"
    zh = "表达式“{source}”：{reason}。"
    source: str = ""
    reason: str = ""
    reason_zh: str = ""


class DecisionError(EngineError):
    """Decision table {table}, inputs {inputs}: {reason}."""

    code = "decision_error"
    zh = "决策表 {table}，输入 {inputs}：{reason}。"
    table: str = ""
    inputs: object = None
    reason: str = ""
    reason_zh: str = ""


class AlreadyEnded(EngineError):
    """This case has already ended ({state})."""

    code = "already_ended"
    zh = "该案件已结束（{state}）。"
    state: str = ""
    state_zh: str = ""


class WrongFileType(EngineError):
    """“{filename}” is not accepted: only jpg, png, pdf and mp4, and the name must match the content."""

    code = "wrong_file_type"
    zh = "不接受“{filename}”：仅限 jpg、png、pdf、mp4，且扩展名须与内容一致。"
    filename: str = ""


class FileTooLarge(EngineError):
    """“{filename}” is larger than {limit_mb} MB."""

    code = "file_too_large"
    zh = "“{filename}”超过 {limit_mb} MB。"
    filename: str = ""
    limit_mb: int = 20


class NoWayOut(EngineError):
    """Gateway “{element}”: no condition holds and there is no default flow."""

    code = "no_way_out"
    zh = "网关“{element}”：没有条件成立，也没有默认流。"
    element: str = ""


class NotACollection(EngineError):
    """Multi-instance “{element}”: {source} must be a list or a number of at most 1000, but is {value}."""

    code = "not_a_collection"
    zh = "多实例“{element}”：{source} 须为列表或实例数，不超过 1000，实际为 {value}。"
    element: str = ""
    source: str = ""
    value: str = ""


class BadTimer(EngineError):
    """Timer {name}: {value} is not a time of the kind that it needs."""

    code = "bad_timer"
    zh = "定时器 {name}：{value} 不是所需类型的时间。"
    name: str = ""
    value: object = None


class UncaughtError(EngineError):
    """“{element}” throws error {error_code}, and nothing catches it."""

    code = "uncaught_error"
    zh = "“{element}”抛出错误 {error_code}，但没有任何捕获。"
    element: str = ""
    error_code: str = ""


class ElementFailed(EngineError):
    """“{element}” ({element_id} in {process_id}) cannot run: {reason}"""

    code = "element_failed"
    zh = "“{element}”（{process_id} 中的 {element_id}）无法运行：{reason}"
    element: str = ""
    element_id: str = ""
    process_id: str = ""
    reason: str = ""
    reason_zh: str = ""


class EndlessRun(EngineError):
    """{process_id} does not come to rest (circles, or far too many tasks), last at {element_id}."""

    code = "endless_run"
    zh = "{process_id} 停不下来（循环，或任务过多），最后在 {element_id}。"
    process_id: str = ""
    element_id: str = ""


class Standstill(EngineError):
    """{process_id} would stand still for ever at {element_id}: what it waits for can no longer come."""

    code = "standstill"
    zh = "{process_id} 会永远停在 {element_id}：它所等待的已不可能到来。"
    process_id: str = ""
    element_id: str = ""


class NobodyWaits(EngineError):
    """This case does not wait for the message {name}."""

    code = "nobody_waits"
    zh = "该案件未在等待消息 {name}。"
    name: str = ""


class BadLimit(EngineError):
    """“{limit}” is no time limit: give an ISO 8601 duration or hours; working days are whole days."""

    code = "bad_limit"
    zh = "“{limit}”不是时限：须为 ISO 8601 时长或小时数；按工作日计的须为整天。"
    limit: str = ""


class ClockExpired(EngineError):
    """The limit “{clock}” of {case} cannot be extended: it does not run, is over, or would end earlier."""

    code = "clock_expired"
    zh = "案件 {case} 的时限“{clock}”不能延长：未在计、已到期，或新的期限更早。"
    clock: str = ""
    case: str = ""


class KeyUsedDifferently(EngineError):
    """The idempotency key “{key}” has already been used for another request."""

    code = "key_used_differently"
    zh = "幂等键“{key}”已用于另一个请求。"
    key: str = ""


class MessageNotFound(NotFound):
    """There is no message {id} that you may see."""

    code = "message_not_found"
    zh = "没有您可以查看的消息 {id}。"
    id: str = ""


class IncidentNotFound(NotFound):
    """There is no incident {id} that you may see."""

    code = "incident_not_found"
    zh = "没有您可以查看的故障 {id}。"
    id: str = ""


class AlreadyResolved(EngineError):
    """This incident has already been dealt with."""

    code = "already_resolved"
    zh = "该故障已处理。"


class ExternalTaskNotFound(NotFound):
    """There is no open external task {id}."""

    code = "external_task_not_found"
    zh = "没有待办的外部任务 {id}。"


class ExternalTaskNotYours(EngineError):
    """The external task {id} is not locked by the worker “{worker}”."""

    code = "external_task_not_yours"
    zh = "外部任务 {id} 未由工作程序“{worker}”锁定。"
    id: str = ""
    worker: str = ""


class NobodyTookMessage(EngineError):
    """Nobody waits for the message “{name}”, and no process starts with it."""

    code = "nobody_took_message"
    zh = "没有案件在等待消息“{name}”，也没有以它开始的流程。"
    name: str = ""


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


class JobNotFound(NotFound):
    """There is no job {id} that waits or has failed."""

    code = "job_not_found"
    zh = "没有等待执行或已失败的作业 {id}。"
    id: str = ""


class DeliveryFailed(EngineError):
    """Could not be delivered to {to}: {cause}."""

    code = "delivery_failed"
    zh = "无法送达 {to}：{cause}。"
    to: str = ""
    cause: str = ""
    cause_zh: str = ""


class DatabaseUnavailable(EngineError):
    """The database cannot work now. Wait a moment, look whether your last step is there, else repeat it."""

    code = "database_unavailable"
    zh = "数据库暂时无法工作。请稍候，先查看上一步是否已保存，没有则重做一次。"


class DatabaseUnreachable(DatabaseUnavailable):
    """The database does not answer. Wait a moment, look whether your last step is there, else repeat it."""

    code = "database_unreachable"
    zh = "数据库没有应答。请稍候，先查看上一步是否已保存，没有则重做一次。"


class DatabaseBusy(DatabaseUnavailable):
    """The database is too busy. Nothing was stored; try again in a moment."""

    code = "database_busy"
    zh = "数据库过于繁忙，未保存任何内容；请稍后再试。"


class DatabaseReadOnly(DatabaseUnavailable):
    """The database can only be read now. Nothing was stored. Tell your administrator, then try again."""

    code = "database_read_only"
    zh = "数据库目前只能读取，未保存任何内容。请告知管理员，恢复后再重做这一步。"


class DiskFull(DatabaseUnavailable):
    """The disk is full. Nothing was stored. Tell your administrator, and try again once there is room."""

    code = "disk_full"
    zh = "磁盘已满，未保存任何内容。请告知管理员，腾出空间后再重做这一步。"


class NoSuchChannel(NotFound):
    """There is no channel {id}."""

    code = "no_such_channel"
    zh = "没有渠道 {id}。"
    id: str = ""


class NotificationNotFound(NotFound):
    """You have no notification {id}."""

    code = "notification_not_found"
    zh = "您没有通知 {id}。"
    id: str = ""


class BadChannel(EngineError):
    """Something is wrong with the field {field} of this channel."""

    code = "bad_channel"
    zh = "该渠道的 {field} 有误。"
    field: ClassVar[str] = "address"


class BadAddress(BadChannel):
    """This is not {wanted}."""

    code = "bad_address"
    zh = "这不是{wanted}。"
    wanted: str = ""
    wanted_zh: str = ""


class HostNotAllowed(BadChannel):
    """The server may not call {host}: only the vendor of this channel, and what your operator has added."""

    code = "host_not_allowed"
    zh = "不允许服务器访问 {host}。只能使用该渠道服务商的地址，或运维人员另行允许的地址。"
    host: str = ""


class BadSecret(BadChannel):
    """This is not the secret of a robot that signs."""

    code = "bad_secret"
    zh = "这不是机器人的签名密钥。"
    field: ClassVar[str] = "secret"


class BadDay(EngineError):
    """The working calendar holds days of the years {first} to {last}."""

    code = "bad_day"
    zh = "工作日历只收 {first} 至 {last} 年的日期。"
    first: int = 0
    last: int = 0


class BadToken(EngineError):
    """This token opens nothing: it is unknown, revoked or expired, or its account is switched off."""

    code = "bad_token"
    zh = "令牌无效：不存在、已吊销、已过期，或其账号已停用。"
    keeps_writes = True


class TokenNotFound(NotFound):
    """There is no token {id} that you may see."""

    code = "token_not_found"
    zh = "没有您可以查看的令牌 {id}。"
    id: str = ""


class TokenRevoked(EngineError):
    """This token is revoked already."""

    code = "token_revoked"
    zh = "该令牌已被吊销。"


class BadTokenRequest(EngineError):
    """A token needs a name (up to {longest} characters), a scope of {scopes}, and 1 to {days} days."""

    code = "bad_token_request"
    zh = "令牌须有不超过 {longest} 个字符的名称、至少一项权限（{scopes}），有效期 1 至 {days} 天。"
    longest: int = 0
    scopes: str = ""
    days: int = 0


class ScopeMissing(NotAllowed):
    """This token does not open that: it needs the scope “{scope}”."""

    code = "scope_missing"
    zh = "该令牌没有此权限：需要“{scope}”。"
    scope: str = ""


class DeploymentNotFound(NotFound):
    """There is no deployment {id}."""

    code = "deployment_not_found"
    zh = "没有部署 {id}。"
    id: str = ""


class ResourceNotFound(NotFound):
    """There is no file {id} in this deployment."""

    code = "resource_not_found"
    zh = "该部署中没有文件 {id}。"
    id: str = ""


class OlderVersion(EngineError):
    """This version of process {process_id} no longer starts: the present one is version {version}."""

    code = "older_version"
    zh = "流程 {process_id} 的这一版不再发起：现行版本为第 {version} 版。"
    process_id: str = ""
    version: int = 0


class DefinitionDraftNotFound(NotFound):
    """There is no draft {id}."""

    code = "definition_draft_not_found"
    zh = "没有修订稿 {id}。"
    id: str = ""


class DraftFileNotFound(NotFound):
    """This draft has no file {name}."""

    code = "draft_file_not_found"
    zh = "该修订稿没有文件 {name}。"
    name: str = ""


class FormFieldNotFound(NotFound):
    """This form has no field at {place}."""

    code = "form_field_not_found"
    zh = "该表单在位置 {place} 没有字段。"
    place: str = ""


class StaleDraft(EngineError):
    """{saved_by} saved {name} as revision {revision} at {at}, after you opened it; nothing is overwritten."""

    code = "stale_draft"
    zh = "您打开 {name} 之后，{saved_by} 已于 {at} 保存为第 {revision} 稿；未覆盖任何内容。"
    name: str = ""
    saved_by: str = ""
    at: datetime | None = None
    revision: int = 0


class DraftNotOpen(EngineError):
    """This draft is not open to changes: it is {state}."""

    code = "draft_not_open"
    zh = "该修订稿不能再修改：{state}。"
    state: str = ""
    state_zh: str = ""


class DraftFileExists(EngineError):
    """This draft has a file {name} already."""

    code = "draft_file_exists"
    zh = "该修订稿已有文件 {name}。"
    name: str = ""


class BadDraftFile(EngineError):
    """A file of a draft is called like {example}, in letters, digits, “_”, “-” and “.”; a draft holds up to
    {most} files."""

    code = "bad_draft_file"
    zh = "修订稿中的文件名形如 {example}，由字母、数字、“_”“-”“.”组成；一份修订稿最多 {most} 个文件。"
    example: str = ""
    most: int = 0


class DraftTableUnfit(EngineError):
    """What was sent does not fit the tables of {name}: open it afresh. Nothing was stored."""

    code = "draft_table_unfit"
    zh = "所提交的内容与 {name} 中的决策表不符，请重新打开。未保存任何内容。"
    name: str = ""


class BadDraft(EngineError):
    """A draft needs a title (up to {longest} characters), and a new process an id of letters, digits and “_”
    that no process has."""

    code = "bad_draft"
    zh = "修订稿须有标题（不超过 {longest} 个字符）；新流程还须有尚未使用的标识，由字母、数字和“_”组成。"
    longest: int = 0


class DraftNotSubmitted(EngineError):
    """This draft does not wait for an approval: it is {state}."""

    code = "draft_not_submitted"
    zh = "该修订稿未在等待批准：{state}。"
    state: str = ""
    state_zh: str = ""


class DraftChanged(EngineError):
    """This draft has changed since you read it: read it again before you decide."""

    code = "draft_changed"
    zh = "您阅读之后该修订稿又有变动：请重新阅读后再决定。"


class DraftOutdated(EngineError):
    """Version {latest} of {process_id} was published after this draft was begun. Look what changed: publish
    over it deliberately, or take its changes over by hand."""

    code = "draft_outdated"
    zh = "本修订稿开始之后，{process_id} 已发布第 {latest} 版。请先查看变动：确认覆盖，或手工并入其改动。"
    process_id: str = ""
    latest: int = 0


class OwnDraft(NotAllowed):
    """You have worked on this draft: somebody else approves it."""

    code = "own_draft"
    zh = "您参与过该修订稿的编制：须由他人批准。"


class NothingToPublish(EngineError):
    """The draft is the same as the version that starts now: there is nothing to publish."""

    code = "nothing_to_publish"
    zh = "修订稿与现行版本相同，没有可发布的内容。"


class BadImport(EngineError):
    """“{file}” cannot be imported: {why}."""

    code = "bad_import"
    zh = "无法导入“{file}”：{why}。"
    file: str = ""
    why: str = ""
    why_zh: str = ""
class StaleWalk(EngineError):
    """Your walk went on in another window; this step was not taken."""

    code = "stale_walk"
    zh = "您的试走已在另一个窗口中继续；这一步没有执行。"


class WalkTooLong(EngineError):
    """A walk has up to {most} steps and {seconds} seconds of computing; this one needs more."""

    code = "walk_too_long"
    zh = "一次试走最多 {most} 步、{seconds} 秒的计算；这次超出了。"
    most: int = 0
    seconds: int = 0


class NotStarted(EngineError):
    """The case has not started at this point of the walk."""

    code = "walk_not_started"
    zh = "试走到这里时案件尚未发起。"


class NotOpenInWalk(EngineError):
    """“{element}” is not open at this point of the walk; open: {open}."""

    code = "walk_not_open"
    zh = "试走到这里时“{element}”没有待办；待办的是：{open_zh}。"
    element: str = ""
    open: str = ""
    open_zh: str = ""


class NothingDue(EngineError):
    """No timer and no time limit is running at this point of the walk."""

    code = "walk_nothing_due"
    zh = "试走到这里时没有正在计时的定时器或时限。"


class MessageNotTaken(EngineError):
    """Nothing waits for the message “{name}” at this point of the walk."""

    code = "walk_message_not_taken"
    zh = "试走到这里时没有环节在等待消息“{name}”。"
    name: str = ""


class BadWalkStep(EngineError):
    """A step of a walk is not what this program writes."""

    code = "bad_walk_step"
    zh = "试走的步骤无法识别。"


class ScenarioNotFound(NotFound):
    """There is no scenario {id}."""

    code = "scenario_not_found"
    zh = "没有场景 {id}。"
    id: str = ""


class BadScenario(EngineError):
    """A scenario needs a name (up to {longest} characters) that no other one of the process has, and a walk
    that has started and has no failed step; a process has up to {most}."""

    code = "bad_scenario"
    zh = "场景须有不重复的名称（最多 {longest} 个字符），试走已发起且无失败步骤；一个流程最多 {most} 个场景。"
    longest: int = 0
    most: int = 0


class StaleScenario(EngineError):
    """{by} changed or deleted this scenario after you opened it; nothing is overwritten."""

    code = "stale_scenario"
    zh = "您打开之后，{by} 已更改或删除该场景；未覆盖任何内容。"
    by: str = ""
