"""Every setting, with its default; each comes from the environment variable named beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import Services, logs

DEFAULT_SECRET_KEY = "development-only-change-me"  # noqa: S105 - refused in production
MEGABYTE = 1024 * 1024
ENVIRONMENTS = ("development", "production")
TRUE = {"1", "true", "yes", "on"}
URLS = {"smtp_url": ("smtp", "smtps", "smtp+starttls"), "base_url": ("https", "http")}
FALSE = {"0", "false", "no", "off", ""}


class SettingsError(ValueError):
    """A setting the product refuses to start with."""


@dataclass(frozen=True)
class Settings:
    """What differs from place to place. Times are IANA zone names, sizes are megabytes."""

    env: str = "development"  # ZHIHUAN_ENV: development | production
    database_url: str = "sqlite:///var/zhihuan.sqlite"  # ZHIHUAN_DATABASE_URL: or postgresql://…
    files: Path = Path("var/files")  # ZHIHUAN_FILES: folder of the attachments
    secret_key: str = DEFAULT_SECRET_KEY  # ZHIHUAN_SECRET_KEY: signs session cookies
    cookie_secure: bool = False  # ZHIHUAN_COOKIE_SECURE: 1 wherever the site is served over HTTPS
    session_hours: int = 12  # ZHIHUAN_SESSION_HOURS: signed out after so many hours
    timezone: str = "Asia/Shanghai"  # ZHIHUAN_TIMEZONE: the zone of every time shown or entered
    language: str = "zh"  # ZHIHUAN_LANGUAGE: zh | en, for people who have not chosen
    host: str = "127.0.0.1"  # ZHIHUAN_HOST
    port: int = 8000  # ZHIHUAN_PORT
    threads: int = 8  # ZHIHUAN_THREADS: requests served at once
    upload_mb: int = 100  # ZHIHUAN_UPLOAD_MB: all files of one submission together
    sign_in_limit: str = "10 per minute"  # ZHIHUAN_SIGN_IN_LIMIT: attempts from one address
    api_limit: str = "1200 per minute"  # ZHIHUAN_API_LIMIT: requests of one person to /engine-rest
    proxies: int = 0  # ZHIHUAN_PROXIES: reverse proxies in front, whose X-Forwarded-… is believed
    worker: str = "thread"  # ZHIHUAN_WORKER: thread (`python -m web serve` does due jobs too) | none
    ready_lag: int = 300  # ZHIHUAN_READY_LAG: seconds that due jobs may wait before /readyz says no
    metrics_token: str = ""  # ZHIHUAN_METRICS_TOKEN: opens /metrics; without it only this machine reads it
    smtp_url: str = ""  # ZHIHUAN_SMTP_URL: smtp | smtps | smtp+starttls ://user:password@host:port
    mail_from: str = "zhihuan@localhost"  # ZHIHUAN_MAIL_FROM: the sender of mails
    base_url: str = ""  # ZHIHUAN_BASE_URL: how people reach the pages, for links in mails
    webhook_hosts: str = ""  # ZHIHUAN_WEBHOOK_HOSTS: more hosts that webhooks may call, parted by blanks
    # ZHIHUAN_PUBLISH_APPROVAL: a second owner approves what is published on the pages; programs are not asked
    publish_approval: bool = True
    log: str = ""  # ZHIHUAN_LOG: json | text; json in production, text elsewhere

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read every ZHIHUAN_… variable; refuses values that make no sense, each with the variable's name."""
        given: dict[str, object] = {}
        for name, default in cls().__dict__.items():
            text = environ.get(f"ZHIHUAN_{name.upper()}")
            if text is not None:
                given[name] = _typed(f"ZHIHUAN_{name.upper()}", text.strip(), default)
        return cls(**given)  # type: ignore[arg-type]

    @classmethod
    def lines(cls) -> list[str]:
        """Every variable with its default, one a line."""
        shown = {name: int(v) if isinstance(v, bool) else v for name, v in cls().__dict__.items()}
        return [f"ZHIHUAN_{name.upper()}={value}" for name, value in shown.items()]

    def __post_init__(self) -> None:
        if self.env not in ENVIRONMENTS:
            raise SettingsError(f"ZHIHUAN_ENV must be one of {', '.join(ENVIRONMENTS)}, not {self.env!r}")
        if self.language not in ("zh", "en"):
            raise SettingsError(f"ZHIHUAN_LANGUAGE must be zh or en, not {self.language!r}")
        if self.worker not in ("thread", "none"):
            raise SettingsError(f"ZHIHUAN_WORKER must be thread or none, not {self.worker!r}")
        if self.log not in ("", *logs.FORMS):
            raise SettingsError(f"ZHIHUAN_LOG must be {' or '.join(logs.FORMS)}, not {self.log!r}")
        for name, kinds in URLS.items():
            given = getattr(self, name)
            if given and (urlsplit(given).scheme not in kinds or not urlsplit(given).hostname):
                raise SettingsError(f"ZHIHUAN_{name.upper()} must be {' or '.join(kinds)} :// host")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise SettingsError(f"ZHIHUAN_TIMEZONE: there is no time zone {self.timezone!r}") from exc
        if self.production and (self.secret_key == DEFAULT_SECRET_KEY or len(self.secret_key) < 32):
            raise SettingsError("ZHIHUAN_SECRET_KEY must be your own in production, at least 32 characters")

    @property
    def production(self) -> bool:
        """Whether the strict rules hold: own secret key, no demo people."""
        return self.env == "production"

    @property
    def services(self) -> Services:
        """What mail and webhooks need, for the pages and the worker of this process."""
        more = frozenset(self.webhook_hosts.replace(",", " ").split())
        hosts = Services().webhook_hosts | more
        return Services(self.smtp_url, self.mail_from, self.base_url.rstrip("/"), hosts)

    @property
    def log_form(self) -> str:
        """json | text."""
        return self.log or ("json" if self.production else "text")

    def flask(self) -> dict[str, object]:
        """The same settings under the names Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # no error text quotes what was entered
            "MAX_CONTENT_LENGTH": self.upload_mb * MEGABYTE,
            "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
            "MAX_FORM_PARTS": 2000,
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=self.session_hours),
            "SESSION_REFRESH_EACH_REQUEST": False,  # a late answer must not undo what a newer one set
            "SESSION_COOKIE_NAME": "zhihuan",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.cookie_secure,
            "WTF_CSRF_TIME_LIMIT": None,  # a form may stay open as long as its session
            "WTF_CSRF_SSL_STRICT": self.cookie_secure,
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
            "RATELIMIT_STORAGE_URI": "memory://",
            "RATELIMIT_HEADERS_ENABLED": True,
        }


def _typed(name: str, text: str, default: object) -> object:
    """An environment text as the type of its default."""
    if isinstance(default, bool):
        if text.lower() not in TRUE | FALSE:
            raise SettingsError(f"{name} must be 1 or 0, not {text!r}")
        return text.lower() in TRUE
    if isinstance(default, int):
        least = min(default, 1)
        if not text.isdecimal() or int(text) < least:
            raise SettingsError(f"{name} must be a whole number above {least - 1}, not {text!r}")
        return int(text)
    return Path(text) if isinstance(default, Path) else text
