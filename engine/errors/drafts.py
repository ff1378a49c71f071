"""Refusals about definition drafts and their way to publication."""

from datetime import datetime

from engine.errors.refusal import EngineError, NotAllowed, NotFound


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
