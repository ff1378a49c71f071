"""What stops a process while it runs: expressions, decisions, timers, limits, loops."""

from engine.errors.refusal import EngineError


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


class BadDay(EngineError):
    """The working calendar holds days of the years {first} to {last}."""

    code = "bad_day"
    zh = "工作日历只收 {first} 至 {last} 年的日期。"
    first: int = 0
    last: int = 0
