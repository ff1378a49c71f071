"""Refusals about what is sent and done on its own: messages, jobs, incidents, notices and their channels."""

from typing import ClassVar

from engine.errors.refusal import EngineError, NotFound


class NobodyWaits(EngineError):
    """This case does not wait for the message {name}."""

    code = "nobody_waits"
    zh = "该案件未在等待消息 {name}。"
    name: str = ""


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


class NobodyTookMessage(EngineError):
    """Nobody waits for the message “{name}”, and no process starts with it."""

    code = "nobody_took_message"
    zh = "没有案件在等待消息“{name}”，也没有以它开始的流程。"
    name: str = ""


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
