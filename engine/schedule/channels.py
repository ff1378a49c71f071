"""Ways to reach a person beside the inbox, and which addresses are allowed: a person may not make the server
call into the house."""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from engine.errors import BadAddress, BadSecret, EngineError, HostNotAllowed, NoSuchChannel

EMAIL = "email"
ROBOTS = {  # group robots of the three vendors, and where each answers
    "wecom": "qyapi.weixin.qq.com",
    "dingtalk": "oapi.dingtalk.com",
    "feishu": "open.feishu.cn",
}
CHANNELS = (EMAIL, *ROBOTS)
SIGNED = frozenset({"dingtalk", "feishu"})  # robots that can ask for a signature
VENDOR_HOSTS = frozenset(ROBOTS.values())
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
ADDRESS_MAX, SECRET_MAX = 500, 200


def address_problem(channel: str, address: str, hosts: Collection[str]) -> EngineError | None:
    """What is wrong with an address: NoSuchChannel, BadAddress or HostNotAllowed; None if nothing is."""
    if channel not in CHANNELS:
        return NoSuchChannel(channel)
    if channel == EMAIL:
        fits = len(address) <= 254 and MAIL_ADDRESS.fullmatch(address)
        return None if fits else BadAddress("an e-mail address", "邮件地址")
    parts = _split(address)
    if parts is None:
        return BadAddress("an https address", "以 https 开头的地址")
    return None if _may_call(channel, parts, hosts) else HostNotAllowed(parts.hostname)


def secret_problem(channel: str, secret: str) -> EngineError | None:
    """What is wrong with the secret of a signed robot: BadSecret or nothing."""
    fits = len(secret) <= SECRET_MAX and secret.isascii() and secret.isprintable() and " " not in secret
    return None if not secret or (fits and channel in SIGNED) else BadSecret()


def _split(address: str) -> SplitResult | None:
    """The parts of a web address that is one, without user name or blanks."""
    if len(address) > ADDRESS_MAX or not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        odd = parts.username is not None or not parts.hostname or (parts.port or 1) < 1
    except ValueError:
        return None
    return None if odd or parts.scheme not in ("http", "https") else parts


def _may_call(channel: str, parts: SplitResult, hosts: Collection[str]) -> bool:
    """Whether the server may call there: over https a listed host (another vendor's is a slip), anything else
    only if its origin is listed as a whole, as `http://relay.example:8080`."""
    if f"{parts.scheme}://{parts.netloc}" in hosts:
        return True
    host = parts.hostname or ""
    slip = host in VENDOR_HOSTS and host != ROBOTS[channel]
    return parts.scheme == "https" and host in hosts and not slip
