"""What the group robots of WeCom, DingTalk and Feishu want to be sent, and what they answer.

Shapes as the vendors document them for custom robots (自定义机器人): a JSON message of kind text. DingTalk
and Feishu may ask for a signature over the time.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit

Shape = tuple[str, dict[str, object]]  # the address to call and the body to send


def wecom(url: str, text: str, _secret: str) -> Shape:
    """WeCom's robot: its address is its secret."""
    return url, {"msgtype": "text", "text": {"content": text}}


def dingtalk(url: str, text: str, secret: str) -> Shape:
    """DingTalk's robot. A signed one wants the time in milliseconds and, keyed with the secret, the HMAC of
    `<milliseconds>\\n<secret>`, both in the address."""
    if secret:
        now = str(round(time.time() * 1000))
        sign = {"timestamp": now, "sign": _hmac(secret, f"{now}\n{secret}")}
        url += ("&" if urlsplit(url).query else "?") + urlencode(sign, quote_via=quote, safe="")
    return url, {"msgtype": "text", "text": {"content": text}}


def feishu(url: str, text: str, secret: str) -> Shape:
    """Feishu's robot. A signed one wants the time in seconds and, keyed with `<seconds>\\n<secret>`, the HMAC
    of nothing, both in the body."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        now = str(int(time.time()))
        body |= {"timestamp": now, "sign": _hmac(f"{now}\n{secret}", "")}
    return url, body


SHAPES: dict[str, Callable[[str, str, str], Shape]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
}


def refusal(channel: str, answer: bytes) -> str | None:
    """Why a robot refused although it answered 200; None if it took the message.

    WeCom and DingTalk say `errcode`, Feishu `code`: 0 is success. Whoever says neither is no robot."""
    try:
        said = json.loads(answer)
    except ValueError:
        return "the answer is no robot's"
    code = said.get("code" if channel == "feishu" else "errcode") if isinstance(said, dict) else None
    if code == 0:
        return None
    if code is None:
        return "the answer is no robot's"
    return f"{code} {said.get('msg' if channel == 'feishu' else 'errmsg', '')}".strip()[:200]


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
