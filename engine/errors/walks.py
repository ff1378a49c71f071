"""Refusals about walking a draft or version to try it, and about scenarios."""

from engine.errors.refusal import EngineError, NotFound


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
