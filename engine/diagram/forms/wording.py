"""How messages call what is said of a field: in the words of the form editor's page, with the name that a
modeler shows."""

Both = tuple[str, str]  # Chinese and English

# the name in a file → how people call it
CALLED: dict[str, Both] = {
    "label": ("中文标签", "label in Chinese"),
    "dateLabel": ("中文标签", "label in Chinese"),
    "label.en": ("英文标签", "label in English"),
    "description": ("中文说明", "help in Chinese"),
    "help.en": ("英文说明", "help in English"),
    "text": ("文字", "text"),
    "content": ("文字", "text"),
    "unit.en": ("英文单位", "unit in English"),
    "pattern": ("格式", "pattern"),
    "pattern.message.en": ("格式不符时的英文提示", "what is said in English when the pattern does not fit"),
    "defaultValue": ("默认值", "filled in beforehand"),
    "min": ("最小值", "at least"),
    "max": ("最大值", "at most"),
    "minLength": ("最少字数", "at least so many characters"),
    "maxLength": ("最多字数", "at most so many characters"),
    "decimalDigits": ("小数位数", "decimal places"),
    "rows.min": ("最少行数", "at least so many rows"),
    "rows.max": ("最多行数", "at most so many rows"),
    "required": ("必填", "must be filled in"),
    "readonly": ("只读", "only shown, not changed"),
    "disabled": ("只读", "only shown, not changed"),
    "personal": ("个人信息", "personal data"),
    "boolean": ("按是或否保存", "kept as yes or no"),
    "required.when": ("何时必填", "must be filled in when"),
    "conditional.hide": ("何时隐藏", "hidden when"),
    "not_before": ("不早于", "not before"),
    "not_after": ("不晚于", "not after"),
}
# what may be written there
_NUMBER = "请写数字，如 10", "write a number, such as 10"
_LENGTH = "请写 0 到 10000 的整数", "write a whole number from 0 to 10000"
_ROWS = "请写 0 到 1000 的整数", "write a whole number from 0 to 1000"
_TRUTH = "只能是 true 或 false", "only true and false are possible"
_FLAG = "只能选是或否", "only yes and no are possible"
_REQUIRED = "只能选是或否；条件写在“何时必填”（required.when）"
_REQUIRED_EN = "only yes and no are possible; a condition goes into “must be filled in when” (required.when)"
WANTED: dict[str, Both] = {
    "min": _NUMBER, "max": _NUMBER, "minLength": _LENGTH, "maxLength": _LENGTH,
    "decimalDigits": ("请写 0 到 6 的整数", "write a whole number from 0 to 6"),
    "pattern": ("请写正则表达式，如 [A-Z]{2}[0-9]{6}", "write a regular expression such as [A-Z]{2}[0-9]{6}"),
    "rows.min": _ROWS, "rows.max": _ROWS, "personal": _TRUTH, "boolean": _TRUTH,
    "required": (_REQUIRED, _REQUIRED_EN), "readonly": _FLAG, "disabled": _FLAG,
}  # fmt: skip
_IN_A_FILE = {"min_length": "minLength", "max_length": "maxLength", "decimals": "decimalDigits"}


def called(name: str) -> Both:
    """A property of a field by the words of the page, its name in a modeler in brackets."""
    written = _IN_A_FILE.get(name, name)
    if written.startswith("option."):
        value = written.removeprefix("option.").removesuffix(".en")
        return f"选项“{value}”的英文（{written}）", f"the English of the answer “{value}” ({written})"
    if written not in CALLED:
        return f"“{written}”", f"“{written}”"
    zh, en = CALLED[written]
    return f"“{zh}”（{written}）", f"“{en}” ({written})"


def wanted(name: str) -> Both:
    """What may be written there."""
    return WANTED[_IN_A_FILE.get(name, name)]
