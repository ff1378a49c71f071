"""Refusals about the addresses at which something listens."""

from engine.errors.refusal import EngineError


class AddressUnusable(EngineError):
    """Cannot listen at {where} ({cause}): end what already does, or choose another port with {setting}."""

    code = "address_unusable"
    zh = "无法在 {where} 监听（{cause}）：请停止占用者，或用 {setting} 另选端口。"
    where: str = ""
    cause: str = ""
    setting: str = ""
