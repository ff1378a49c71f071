"""Refusals about people, their passwords, signatures and tokens."""

from datetime import datetime

from engine.errors.refusal import EngineError, NotAllowed, NotFound


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


class GroupUnknown(GroupNotFound):
    """There is no group {id}. There are {known}."""

    zh = "没有岗位组 {id}。现有：{known}。"
    known: str = ""


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
