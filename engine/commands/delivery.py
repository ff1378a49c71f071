"""Mail and webhooks: what leaves the house, with no transaction open while somebody else's server answers.

At least once: a worker that dies after sending sends again, with the same Message-ID or idempotency key.
"""

import json
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import unquote, urlsplit, urlunsplit

from engine.commands import robots
from engine.errors import DeliveryFailed
from engine.schedule.channels import VENDOR_HOSTS, address_problem
from engine.schedule.templates import PRODUCT, Words, render

TIMEOUT = 10.0  # seconds that the other side may be silent
MOST_ANSWER = 65_536  # bytes of a webhook's answer that are read


@dataclass(frozen=True)
class Services:
    """What a worker needs of the world outside.

    smtp_url: `smtp://user:password@host:port`, `smtps://…` or `smtp+starttls://…`; empty: no mail is sent.
    mail_from: the sender. base_url: how people reach the pages, for links. webhook_hosts: the only hosts
    (over https), or origins as `http://relay.example:8080`, that a webhook may call. patience: seconds that
    the other side may be silent.
    """

    smtp_url: str = ""
    mail_from: str = "zhihuan@localhost"
    base_url: str = ""
    webhook_hosts: frozenset[str] = VENDOR_HOSTS
    patience: float = TIMEOUT

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Services":
        """ZHIHUAN_SMTP_URL, ZHIHUAN_MAIL_FROM, ZHIHUAN_BASE_URL, ZHIHUAN_WEBHOOK_HOSTS (more hosts, parted by
        blanks or commas)."""
        more = environ.get("ZHIHUAN_WEBHOOK_HOSTS", "").replace(",", " ").split()
        return cls(
            environ.get("ZHIHUAN_SMTP_URL", "").strip(),
            environ.get("ZHIHUAN_MAIL_FROM", "").strip() or cls.mail_from,
            environ.get("ZHIHUAN_BASE_URL", "").strip().rstrip("/"),
            VENDOR_HOSTS | frozenset(more),
        )


def deliver_mail(services: Services, job_id: str, payload: Mapping[str, object]) -> None:
    """Sends one mail: `to`, and `kind`, `facts` and `language` of a notification. Raises DeliveryFailed."""
    to, url = str(payload["to"]), urlsplit(services.smtp_url)
    if not url.hostname:
        raise DeliveryFailed(to=to, cause="no mail server is set", cause_zh="未设置邮件服务器")
    message = _mail(services, job_id, to, _words(services, payload))
    try:
        with _connected(url.scheme, url.hostname, url.port, services.patience) as server:
            if url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryFailed(to=to, cause=_said(error), cause_zh=_said(error)) from error


def _mail(services: Services, job_id: str, to: str, words: Words) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = words.subject, services.mail_from, to
    domain = parseaddr(services.mail_from)[1].rpartition("@")[2] or "zhihuan.invalid"
    message["Message-ID"], message["Date"] = f"<{job_id}@{domain}>", formatdate(localtime=True)
    message["Auto-Submitted"] = "auto-generated"  # no holiday reply, please (RFC 3834)
    message.set_content(words.text)
    return message


def _connected(scheme: str, host: str, port: int | None, patience: float) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=patience, context=ssl.create_default_context())
    return smtplib.SMTP(host, port or 25, timeout=patience)


def deliver_webhook(services: Services, job_id: str, payload: Mapping[str, object]) -> None:
    """Posts one message to a group robot: `channel` (wecom, dingtalk, feishu), `to`, `secret`, and `kind`,
    `facts` and `language` of a notification.

    Raises DeliveryFailed: also where a robot answers 200 and says no in the body."""
    channel, url = str(payload["channel"]), str(payload["to"])
    host = urlsplit(url).hostname or "?"
    refused = address_problem(channel, url, services.webhook_hosts)
    if refused:  # the list of hosts may have become shorter since
        raise DeliveryFailed(to=host, cause=refused.message("en"), cause_zh=refused.message("zh"))
    words, mark = _words(services, payload), PRODUCT["en" if payload.get("language") == "en" else "zh"]
    text, secret = f"{mark}{words.subject}\n{words.text}", str(payload.get("secret") or "")
    try:
        answer = _posted(*robots.SHAPES[channel](url, text, secret), job_id, services.patience)
    except (OSError, HTTPException) as error:
        raise DeliveryFailed(to=host, cause=_said(error), cause_zh=_said(error)) from error
    no = robots.refusal(channel, answer)
    if no is not None:
        raise DeliveryFailed(to=host, cause=no, cause_zh=no)


def _posted(url: str, body: Mapping[str, object], job_id: str, patience: float) -> bytes:
    """The answer to one request. A robot that sends us elsewhere is not obeyed: that is on nobody's list."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    headers = {"Content-Type": "application/json; charset=utf-8", "X-Idempotency-Key": job_id}
    content = json.dumps(body, ensure_ascii=False).encode()
    with closing(kind(parts.hostname or "", parts.port, timeout=patience)) as server:
        server.request("POST", urlunsplit(("", "", parts.path or "/", parts.query, "")), content, headers)
        with server.getresponse() as answer:
            if answer.status != HTTPStatus.OK:
                raise HTTPException(f"HTTP {answer.status}")
            return answer.read(MOST_ANSWER)


def _words(services: Services, payload: Mapping[str, object]) -> Words:
    facts = payload["facts"]
    assert isinstance(facts, dict)
    return render(str(payload["kind"]), facts, str(payload["language"]), services.base_url, zoned=True)


def _said(error: Exception) -> str:
    """An error in one line, without secrets: neither URL nor password is in it."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
        return f"SMTP {error.smtp_code} {text}".strip()[:300]
    name = "" if type(error) is HTTPException else f"{type(error).__name__}: "
    return f"{name}{error}"[:300]
