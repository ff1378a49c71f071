"""Refusals about tasks, their forms and their talk."""

from collections.abc import Sequence
from datetime import datetime

from engine.errors.problems import FieldProblem
from engine.errors.refusal import EngineError, NotAllowed, NotFound


class TaskNotFound(NotFound):
    """There is no task {id} that you may see."""

    code = "task_not_found"
    zh = "没有您可以查看的任务 {id}。"
    id: str = ""


class AttachmentNotFound(NotFound):
    """There is no attachment {id} that you may see."""

    code = "attachment_not_found"
    zh = "没有您可以查看的附件 {id}。"
    id: str = ""


class CommentNotFound(NotFound):
    """There is no comment {id} on this task."""

    code = "comment_not_found"
    zh = "该任务没有留言 {id}。"
    id: str = ""


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


class FormInvalid(EngineError):
    """Please correct the form: {problems}"""

    code = "form_invalid"
    zh = "请更正表单：{problems}"
    problems: Sequence[FieldProblem] = ()


class UnkeepableText(EngineError):
    """A text holds a character that cannot be kept: NUL, or half of a character."""

    code = "unkeepable_text"
    zh = "文字中含有无法保存的字符（NUL 或残缺字符）。"


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
