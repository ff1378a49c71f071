"""Mail and webhooks: what leaves the house, with no transaction open while somebody else's server answers.

At least once: a worker that dies after sending sends again, with the same Message-ID or idempotency key.
"""

import base64
import hashlib
import hmac
import json
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import quote, unquote, urlencode, urlsplit

from engine.errors import DeliveryFailed

TIMEOUT = 10.0  # seconds for a whole answer
VENDOR_HOSTS = frozenset({"qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"})
MOST_ANSWER = 65_536  # bytes of a webhook's answer that are read


@dataclass(frozen=True)
class Services:
    """What a worker needs of the world outside.

    smtp_url: `smtp://user:password@host:port`, `smtps://…` or `smtp+starttls://…`; empty: no mail is sent.
    mail_from: the sender. base_url: how people reach the pages, for links. webhook_hosts: the only hosts
    that a webhook may call, so that nobody makes the server call into the house.
    """

    smtp_url: str = ""
    mail_from: str = "zhihuan@localhost"
    base_url: str = ""
    webhook_hosts: frozenset[str] = VENDOR_HOSTS

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Services":
        """ZHIHUAN_SMTP_URL, ZHIHUAN_MAIL_FROM, ZHIHUAN_BASE_URL, ZHIHUAN_WEBHOOK_HOSTS (more hosts)."""
        more = environ.get("ZHIHUAN_WEBHOOK_HOSTS", "").replace(",", " ").split()
        return cls(
            environ.get("ZHIHUAN_SMTP_URL", "").strip(),
            environ.get("ZHIHUAN_MAIL_FROM", "").strip() or cls.mail_from,
            environ.get("ZHIHUAN_BASE_URL", "").strip().rstrip("/"),
            VENDOR_HOSTS | frozenset(more),
        )


def deliver_mail(services: Services, job_id: str, payload: Mapping[str, object]) -> None:
    """Sends one mail: `to`, `subject`, `text`. Raises DeliveryFailed."""
    to, url = str(payload["to"]), urlsplit(services.smtp_url)
    if not url.hostname:
        raise DeliveryFailed(to=to, cause="no mail server is set", cause_zh="未设置邮件服务器")
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = str(payload["subject"]), services.mail_from, to
    message["Message-ID"] = f"<{job_id}@{services.mail_from.rpartition('@')[2] or 'zhihuan'}>"
    message.set_content(str(payload["text"]))
    try:
        with _connected(url.scheme, url.hostname, url.port) as server:
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(to=to, cause=_said(error), cause_zh=_said(error)) from error


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    if scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    return server


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def deliver_webhook(services: Services, job_id: str, payload: Mapping[str, object]) -> None:
    """Posts one message to a group robot: `channel` (wecom, dingtalk, feishu), `url`, `secret`, `text`.

    Raises DeliveryFailed: also where a robot answers 200 and says no in the body."""
    channel, url = str(payload["channel"]), str(payload["url"])
    host = urlsplit(url).hostname or ""
    if host not in services.webhook_hosts:
        raise DeliveryFailed(to=host, cause="this host may not be called", cause_zh="不允许访问该主机")
    url, body = _SHAPES[channel](url, str(payload["text"]), str(payload.get("secret") or ""))
    request = urllib.request.Request(  # noqa: S310 - the host is on the list, the scheme was checked when set
        url,
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8", "X-Idempotency-Key": job_id},
        method="POST",
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            said = answer.read(MOST_ANSWER)
    except (OSError, urllib.error.URLError) as error:
        raise DeliveryFailed(to=host, cause=_said(error), cause_zh=_said(error)) from error
    _check_answer(host, said)


def _check_answer(host: str, said: bytes) -> None:
    """WeCom and DingTalk say `errcode`, Feishu `code`; 0 is success."""
    try:
        answer = json.loads(said or b"{}")
    except ValueError:
        return
    code = (answer.get("errcode") or answer.get("code") or 0) if isinstance(answer, dict) else 0
    if code != 0:
        text = f"{code} {answer.get('errmsg') or answer.get('msg') or ''}".strip()[:200]
        raise DeliveryFailed(to=host, cause=text, cause_zh=text)


def _wecom(url: str, text: str, _secret: str) -> tuple[str, dict[str, object]]:
    return url, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(url: str, text: str, secret: str) -> tuple[str, dict[str, object]]:
    """A signed robot wants milliseconds and HMAC-SHA256 of `milliseconds\\nsecret` keyed with the secret."""
    if secret:
        now = str(round(time.time() * 1000))
        sign = hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()
        mark = "&" if urlsplit(url).query else "?"
        url += mark + urlencode({"timestamp": now, "sign": base64.b64encode(sign).decode()}, quote_via=quote)
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, text: str, secret: str) -> tuple[str, dict[str, object]]:
    """A signed robot wants seconds and HMAC-SHA256 of nothing, keyed with `seconds\\nsecret`."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        now = str(int(time.time()))
        sign = hmac.new(f"{now}\n{secret}".encode(), b"", hashlib.sha256).digest()
        body |= {"timestamp": now, "sign": base64.b64encode(sign).decode()}
    return url, body


_SHAPES = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}


def _said(error: Exception) -> str:
    """An error in one line, without secrets: neither URL nor password is in it."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    return f"{type(error).__name__}: {getattr(error, 'reason', None) or error}"[:300]
