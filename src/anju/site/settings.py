"""Django's settings, all of them from the environment with defaults that suit a developer's machine."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[3]
ENV = os.environ.get("ANJU_ENV", "demo")
VAR = Path(os.environ.get("ANJU_VAR", ROOT / "var"))
PORT = int(os.environ.get("ANJU_PORT", "8600"))
PUBLIC_URL = os.environ.get("ANJU_PUBLIC_URL", f"http://127.0.0.1:{PORT}")
# Where the office map reads its background, such as /tiles/{z}/{x}/{y}.png on our own address; without it, outlines only.
MAP_TILES = os.environ.get("ANJU_MAP_TILES", "")
# A GeoJSON file with the outlines of the city's districts, each with its `code`; without it the demonstration's.
MAP_OUTLINES = os.environ.get("ANJU_MAP_OUTLINES", "")
SANDBOX_URL = os.environ.get("ANJU_SANDBOX_URL", f"http://127.0.0.1:{PORT + 1}")
if ENV not in {"demo", "test", "production"}:
    raise SystemExit(f"ANJU_ENV={ENV}: demo, test or production is wanted")

DEBUG = False
ANJU_CITY = {"code": os.environ.get("ANJU_CITY_CODE", "339900"), "name": os.environ.get("ANJU_CITY_NAME", "澜州市")}
ANJU_CLOCK_MOVABLE = ENV != "production"
# A worker with 0 does what it is asked and nothing by the clock: for measurements and for upkeep.
ANJU_PERIODIC = os.environ.get("ANJU_PERIODIC", "1") == "1"
ANJU_SECRETS = Path(os.environ.get("ANJU_SECRETS", VAR / "secrets"))
ANJU_FILES = Path(os.environ.get("ANJU_FILES", VAR / "files"))
ANJU_WEB = Path(os.environ.get("ANJU_WEB", ROOT / "web"))


def _secret_key() -> str:
    """The key that signs cookies; made on the first start and kept beside the other secrets."""
    import secrets

    if key := os.environ.get("ANJU_SECRET_KEY"):
        return key
    path = ANJU_SECRETS / "django.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("ANJU_HOSTS", "127.0.0.1,localhost,testserver,[::1]").split(",")


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "anju.kernel.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # Many small statements at once: starting helpers or a compiler for one of them takes longer than the statement.
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 16, "timeout": float(os.environ.get("ANJU_DATABASE_PATIENCE", "20"))},
            "options": "-c jit=off -c max_parallel_workers_per_gather=0",
        },
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql://anju@127.0.0.1:8602/anju"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KERNEL = [
    "calendar", "numbering", "events", "jobs", "files", "audit", "forms", "rules", "processes", "documents",
    "connectors", "registers", "cases", "reports",
]  # fmt: skip
FOUNDATION = ["identity", "trust", "workspace", "gateway"]
CONTEXTS = ["households", "supply", "eligibility", "waiting", "tenancy", "citizen", "construction"]
# which of them this process serves: `all`, or names with commas between (`anju serve --contexts`)
ANJU_CONTEXTS = os.environ.get("ANJU_CONTEXTS", "all")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    *[f"anju.kernel.{block}" for block in KERNEL],
    *[f"anju.{name}" for name in FOUNDATION + CONTEXTS],
    "anju.site",
]
MIDDLEWARE = [
    "anju.site.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anju.site.middleware.CleanInput",
    "anju.site.searched.SearchHeader",
    "anju.identity.middleware.WhoActs",
    "anju.gateway.door.PartyDoor",
]
ROOT_URLCONF = "anju.site.urls"
WSGI_APPLICATION = "anju.site.wsgi.application"
APPEND_SLASH = False

STATIC_URL = "/static/"
WHITENOISE_ROOT = None
WHITENOISE_MAX_AGE = 3600
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
PASSWORD_HASHERS = ["anju.identity.passwords.Hasher"]
SILENCED_SYSTEM_CHECKS: list[str] = []
# SHA-1 digests of passwords known to be out, in order, one a line; without it only the common ones are refused.
ANJU_BREACHED_PASSWORDS = os.environ.get("ANJU_BREACHED_PASSWORDS", "")

# Outside systems: one address a connector; where none is named, the sandbox answers.
ANJU_CONNECTOR_URLS = {
    name.removeprefix("ANJU_CONNECTOR_").lower(): url
    for name, url in os.environ.items()
    if name.startswith("ANJU_CONNECTOR_")
}
# Shared with the sandbox in a demonstration; a city sets its own, agreed with each department.
ANJU_EXCHANGE_KEY = os.environ.get(
    "ANJU_EXCHANGE_KEY", "00112233445566778899aabbccddeeff" if ENV != "production" else ""
)

# How long audit entries stay in their table (six months at least), and where the chain's end is noted outside it.
ANJU_AUDIT_MONTHS = int(os.environ.get("ANJU_AUDIT_MONTHS", "36"))
ANJU_AUDIT_ANCHOR = os.environ.get("ANJU_AUDIT_ANCHOR", "")
# A signature-and-encryption service over HTTP; without an address the keys of this installation do the work.
ANJU_CRYPTO_URL = os.environ.get("ANJU_CRYPTO_URL", "")
ANJU_CRYPTO_ID = os.environ.get("ANJU_CRYPTO_ID", "anju")
ANJU_CRYPTO_SECRET = os.environ.get("ANJU_CRYPTO_SECRET", "anju sandbox secret" if ENV != "production" else "")
ANJU_CRYPTO_TIMEOUT = float(os.environ.get("ANJU_CRYPTO_TIMEOUT", "3"))

# The mail system; where none is named, the sandbox's answers, two doors beside its own.
ANJU_MAIL: dict[str, Any] = {
    "host": os.environ.get("ANJU_SMTP_HOST", "127.0.0.1"),
    "port": int(os.environ.get("ANJU_SMTP_PORT", PORT + 3)),
    "user": os.environ.get("ANJU_SMTP_USER", ""),
    "password": os.environ.get("ANJU_SMTP_PASSWORD", ""),
    "tls": os.environ.get("ANJU_SMTP_TLS", "") == "1",
    "sender": os.environ.get("ANJU_SMTP_SENDER", "安居平台 <anju@housing.example>"),
}

# Which accounts sign in with a certificate only: `all`, `kind:city`, `role:auditor`, commas between; whom it may come from.
ANJU_CERTIFICATES = os.environ.get("ANJU_CERTIFICATES", "")
ANJU_TRUSTED_CAS = os.environ.get("ANJU_TRUSTED_CAS", "")
# Where those authorities publish what they revoked (CRL), commas between; fetched every hour.
ANJU_REVOCATION_LISTS = [
    each.strip() for each in os.environ.get("ANJU_REVOCATION_LISTS", "").split(",") if each.strip()
]
# The security gateway that ends TLS with user certificates: its addresses, and its site certificate (a file).
ANJU_GATEWAY_ADDRESSES = [each for each in os.environ.get("ANJU_GATEWAY_ADDRESSES", "").split(",") if each]
ANJU_GATEWAY_CERTIFICATE = os.environ.get("ANJU_GATEWAY_CERTIFICATE", "")
# Whether who holds what must carry the platform's signature (`anju sign_rights` when it is switched on).
ANJU_SIGNED_RIGHTS = os.environ.get("ANJU_SIGNED_RIGHTS", "1" if ENV == "production" else "0") == "1"
# A faint mark of who looks and when over every page of the office.
ANJU_SCREEN_WATERMARK = os.environ.get("ANJU_SCREEN_WATERMARK", "1") == "1"
# The public key (hexadecimal) that signed releases are checked with before `serve` and `worker` start; none: no check.
ANJU_RELEASE_KEY = os.environ.get("ANJU_RELEASE_KEY", "")

# The gateway's call log is kept so many days, half a year at least (GB/T 22239-2019, 8.1.4.3).
ANJU_CALLS_KEPT_DAYS = max(183, int(os.environ.get("ANJU_CALLS_KEPT_DAYS", "400")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ANJU_LOG", "WARNING")},
}
