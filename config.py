"""Every setting the platform reads, as one typed, frozen object; the only reader of the environment.

Names and defaults are listed in `.env.example`. Values come from the process environment, then from a
`.env` file beside this module; what stands in the environment wins.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).parent
DEVELOPMENT_SECRET = "development-only-secret"  # noqa: S105 - refused in production, see `from_env`
UPLOAD_LIMIT = 8 * 1024 * 1024
# Before the address of Redis: it is asked through `campaign.core.counters`.
COUNTERS = "counters+"
# Settings that are taken as they stand and may be empty.
_PLAIN = (
    "redis_url",
    "smtp_url",
    "mail_reply_to",
    "mail_log",
    "mail_dkim_key",
    "mail_dkim_selector",
    "mail_bounce_secret",
    "push_key",
    "dns_server",
    "metrics_token",
    "map_tile_url",
    "geocoder_url",
    "sentry_dsn",
)

# The pinned PyPI `tzdata` is the one source of zone rules; the system's copy may be years older.
os.environ["PYTHONTZPATH"] = ""


class SettingsError(RuntimeError):
    """Raised at start-up with one sentence that names every setting that is missing or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may set. Shapes: URLs as text, folders as absolute paths, durations in seconds."""

    environment: Literal["development", "production", "test"] = "development"
    secret_key: str = DEVELOPMENT_SECRET
    secret_key_fallbacks: tuple[str, ...] = ()
    database_url: str
    redis_url: str = ""
    smtp_url: str = ""
    mail_from: str = "Remembrance Calendar <calendar@localhost>"
    mail_reply_to: str = ""
    mail_rate: int = 0
    mail_log: str = ""
    mail_dkim_key: str = ""
    mail_dkim_selector: str = ""
    mail_bounce_secret: str = ""
    push_key: str = ""
    dns_server: str = ""
    metrics_token: str = ""
    public_url: str = "http://127.0.0.1:8000"
    uploads: str
    data_dir: Path
    proxies: int = 0
    map_tile_url: str = ""
    geocoder_url: str = ""
    log_level: str = "INFO"
    sentry_dsn: str = ""
    demo_password: str = "demonstration"  # noqa: S105 - documented, development only
    clock_file: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read and check all settings.

        Raises SettingsError when a value cannot work, or when production would start on default secrets or without
        an address.
        """
        env = {**{k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}, **environ}
        data_dir = Path(env.get("DATA_DIR") or ROOT / "instance").absolute()
        environment = env.get("ENVIRONMENT") or "development"
        if environment not in ("development", "production", "test"):
            raise SettingsError("ENVIRONMENT must be development or production.")
        port = _whole_number(env, "PORT", 8000, least=1, most=65535)
        plain: dict[str, Any] = {name: env.get(name.upper(), "") for name in _PLAIN}
        settings = cls(
            **plain,
            environment=environment,  # type: ignore[arg-type]
            secret_key=env.get("SECRET_KEY") or DEVELOPMENT_SECRET,
            secret_key_fallbacks=tuple(filter(None, env.get("SECRET_KEY_FALLBACKS", "").split(","))),
            database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'campaign.sqlite'}",
            mail_from=env.get("MAIL_FROM") or "Remembrance Calendar <calendar@localhost>",
            mail_rate=_whole_number(env, "MAIL_RATE", 0, least=0, most=1_000_000),
            public_url=(env.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
            uploads=_folder(env.get("UPLOADS") or str(data_dir / "uploads")),
            data_dir=data_dir,
            proxies=_whole_number(env, "PROXIES", 0, least=0, most=10),
            log_level=(env.get("LOG_LEVEL") or "INFO").upper(),
            demo_password=env.get("DEMO_PASSWORD") or "demonstration",
            clock_file=env.get("CLOCK_FILE", "") if environment != "production" else "",
        )
        settings._check_values()
        settings._check_production()
        return settings

    @classmethod
    def for_tests(cls, *, database_url: str, data_dir: Path, **overrides: Any) -> Self:
        """Settings for one test application; letters are kept, nothing leaves the process."""
        settings = cls(
            environment="test",
            secret_key="tests-only",  # noqa: S106
            database_url=database_url,
            public_url="http://localhost",
            uploads=str(data_dir / "uploads"),
            data_dir=data_dir,
        )
        return replace(settings, **overrides)

    def _check_values(self) -> None:
        from campaign.core import setting_checks  # The package imports this module; by now it is whole.

        checked = (
            "database_url",
            "redis_url",
            "smtp_url",
            "mail_from",
            "mail_reply_to",
            "public_url",
            "uploads",
            "log_level",
            "map_tile_url",
        )
        found = [getattr(setting_checks, name)(getattr(self, name)) for name in checked]
        found.append(setting_checks.mail_dkim(self.mail_dkim_key, self.mail_dkim_selector))
        found.append(setting_checks.secret("MAIL_BOUNCE_SECRET", self.mail_bounce_secret))
        found.append(setting_checks.push_key(self.push_key))
        found.append(setting_checks.secret("METRICS_TOKEN", self.metrics_token))
        found.append(setting_checks.dns_server(self.dns_server))
        if any(found):
            raise SettingsError(" ".join(filter(None, found)))

    def _check_production(self) -> None:
        if self.environment != "production":
            return
        wrong = []
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < 32:
            wrong.append("SECRET_KEY (at least 32 random characters)")
        if not self.smtp_url:
            wrong.append("SMTP_URL (letters must leave the house in production)")
        if urlsplit(self.public_url).scheme != "https":
            wrong.append("PUBLIC_URL (the https:// address people use)")
        if wrong:
            raise SettingsError(f"Production needs these settings: {'; '.join(wrong)}.")

    @property
    def host(self) -> str:
        """The canonical host, with its port where it has one."""
        return urlsplit(self.public_url).netloc

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    def flask(self) -> dict[str, Any]:
        """The Flask configuration mapping."""
        secure = self.public_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "TESTING": self.environment == "test",
            "PREFERRED_URL_SCHEME": "https" if secure else "http",
            "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
            "REMEMBER_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_TIME_LIMIT": 12 * 3600,
            "MAX_CONTENT_LENGTH": UPLOAD_LIMIT + 2 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
            "MAX_FORM_PARTS": 1000,
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "campaign" / "translations"),
            "RATELIMIT_STORAGE_URI": f"{COUNTERS}{self.redis_url}" if self.redis_url else "memory://",
            # Requests that wait for it while the first one finds out: without this they would be answered with 500.
            "RATELIMIT_SWALLOW_ERRORS": bool(self.redis_url),
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(self.redis_url),
            "RATELIMIT_HEADERS_ENABLED": False,
            "RATELIMIT_ENABLED": self.environment != "test",
        }

    def _engine_options(self) -> dict[str, Any]:
        """What was written to the database stands in no error. A PostgreSQL that is gone is noticed within seconds."""
        if self.database_url.startswith("sqlite"):
            return {"hide_parameters": True}
        patience = {"connect_timeout": 2, "tcp_user_timeout": 5000, "keepalives_idle": 30, "keepalives_interval": 5}
        return {"hide_parameters": True, "pool_pre_ping": True, "pool_timeout": 2, "connect_args": patience}

    def celery(self) -> dict[str, Any]:
        """The Celery configuration: JSON only, ids only, nothing kept by the broker that matters."""
        embedded = f"sqla+sqlite:///{self.data_dir / 'broker.sqlite'}"
        redis_options = {
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "visibility_timeout": 3600,
            "unacked_restore_throttle": 1,
        }
        return {
            "broker_url": self.redis_url or embedded,
            "broker_transport_options": redis_options if self.redis_url else {},
            "broker_connection_retry_on_startup": True,
            "broker_connection_max_retries": None,
            "task_ignore_result": True,
            "task_serializer": "json",
            "accept_content": ["json"],
            "task_publish_retry": False,
            "task_time_limit": 300,
            "worker_prefetch_multiplier": 1,
            "worker_hijack_root_logger": False,
            "timezone": "UTC",
            "task_always_eager": False,
        }


def _folder(value: str) -> str:
    """An absolute path; what is no path stays as it is, for `setting_checks` to refuse."""
    return value if "://" in value else str(Path(value).absolute())


def _whole_number(env: Mapping[str, str], name: str, usual: int, *, least: int, most: int) -> int:
    from campaign.core import setting_checks

    try:
        return setting_checks.whole_number(name, env.get(name) or str(usual), least=least, most=most)
    except ValueError as problem:
        raise SettingsError(str(problem)) from None
