"""Refusals of the database itself."""

from engine.errors.refusal import EngineError


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
