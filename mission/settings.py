"""Every setting, in one file, from the environment. `.env.example` lists the names.

What is not set falls back to what `manage.py up` wrote to `VAR_DIR/run.env`: the addresses of the
PostgreSQL, Valkey and model server that it started. So `manage.py sync …` in a second terminal
finds them, and with the URLs set nothing of the kind is started at all.
"""

import os
import secrets
from decimal import Decimal
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
environ.Env.read_env(BASE_DIR / ".env")
debug_was_said = "DEBUG" in os.environ
environ.Env.read_env(VAR_DIR / "run.env")
if not debug_was_said and os.environ.get("SECRET_KEY"):
    os.environ.pop(
        "DEBUG", None
    )  # a demo that was killed left it: production, with a key of its own, is none

# DEBUG in the environment means: a demo world, demo logins, a generated secret key. Django's own
# DEBUG stays off even then: its error pages need inline styles that our content security policy
# forbids, and it keeps every SQL statement in memory. Tracebacks go to the log.
DEMO = env.bool("DEBUG", default=False)
DEBUG = False
TESTING = env.bool("TESTING", default=False)


def secret_key() -> str:
    """SECRET_KEY, at least 50 characters; in a demo one is made once and kept in VAR_DIR."""
    key: str = env.str("SECRET_KEY", default="")
    if not key and DEMO:
        kept = VAR_DIR / "secret_key"
        if not kept.exists():
            VAR_DIR.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_name(f"secret_key.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(64))
            fresh.replace(kept)
        return kept.read_text().strip()
    if len(key) < 50 or len(set(key)) < 12 or key.startswith("django-insecure"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak. Set it to at least 50 random characters, for example: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO or TESTING else []
)
HOME_NATION = env.str("HOME_NATION", default="IN").upper()
# Whose boundaries maps show (docs/maps.md): another view than this one needs a file of its own.
WORLDVIEW = env.str("WORLDVIEW", default="natural-earth")
BOUNDARIES_FILE = env.str("BOUNDARIES_FILE", default="")
SITE_NAME = _("Open Source AI Mission")
# Where letters point to: no page, no Host header decides that.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='') or 8000}").rstrip("/")
ROOT_URLCONF = "mission.urls"
ASGI_APPLICATION = "mission.asgi.application"
AUTH_USER_MODEL = "mission.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "mission",
    "contributions",
    "grants",
    "sandbox",
    "dashboards",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]

FRESH = "dashboards.freshness.fresh"  # what keeps and revalidates public pages, for mission/freshness.py
MIDDLEWARE = [
    "mission.afterwards.Afterwards",
    "mission.observe.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mission.fair_use.FairUseMiddleware",
    "dashboards.kept.KeptPages",
    "mission.compression.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mission.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mission.request_size.TooLargeMiddleware",
    "mission.access.AccessMiddleware",
    "mission.errors.RefusedMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mission.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "mission.templatetags.house",
                "mission.templatetags.numerals",
                "dashboards.templatetags.figures",
            ],
        },
    }
]
FORM_RENDERER = "mission.context.HouseFormRenderer"

# --- Data -----------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", default="postgres://mission@127.0.0.1:5432/mission")
    | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=12)}},
    }
}
if TESTING or env.bool("DATABASE_NO_POOL", default=False):
    DATABASES["default"]["OPTIONS"].pop("pool")
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "mission.connections.SharedCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "pool_class": "mission.connections.SharedPool",
            "socket_timeout": 5,
            "socket_connect_timeout": 5,
        },
    }
}
# Public pages are good while the data stay as they are; a process looks as often as this (seconds). While
# sources are synchronised the data change all the time, and so would every page. For who is signed in it
# looks every time.
STAMP_SECONDS = env.float("STAMP_SECONDS", default=0.0 if TESTING else 1.0 if DEMO else 30.0)
REMEMBERED_SECONDS = 300.0  # what a process remembers is read again at least so often
# Public pages are drawn before a reader comes. A demonstration has few, and a small machine.
DRAW_AHEAD = env.bool("DRAW_AHEAD", default=not TESTING and not DEMO)
STATUS_SECONDS = 0.001 if TESTING else 10.0  # so long /status/ stays as counted, while what works goes on
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- Celery: the database remembers what is due, Celery only wakes it --------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "mission.tasks.heartbeat", "schedule": 10.0},
    "sync-due": {"task": "contributions.tasks.sync_due", "schedule": 60.0},
    "reconcile": {"task": "contributions.tasks.reconcile_due", "schedule": 600.0},
    "settle-copies": {"task": "contributions.tasks.settle_copies", "schedule": 3600.0},
    "handle-deliveries": {"task": "contributions.tasks.handle_deliveries", "schedule": 60.0},
    "answer-corrections": {"task": "contributions.tasks.send_due_letters", "schedule": 60.0},
    "recompute-stale": {"task": "contributions.tasks.recompute_stale", "schedule": 30.0},
    "recompute-exchange": {"task": "contributions.tasks.recompute_exchange", "schedule": 60.0},
    "recompute-recent-ledger": {"task": "dashboards.tasks.recompute_recent_ledger", "schedule": 600.0},
    "recompute-whole-ledger": {"task": "dashboards.tasks.recompute_whole_ledger", "schedule": 21600.0},
    "settle-usage": {"task": "sandbox.tasks.settle_pending", "schedule": 30.0},
    "close-leases": {"task": "sandbox.tasks.close_leases", "schedule": 60.0},
    "announce-decisions": {"task": "grants.tasks.announce_due_decisions", "schedule": 30.0},
    "lapse-offers": {"task": "grants.tasks.lapse_due_offers", "schedule": 60.0},
    "remind-reviewers": {"task": "grants.tasks.remind_reviewers", "schedule": 600.0},
    "lapsed-returns": {"task": "grants.tasks.tell_of_lapsed_returns", "schedule": 600.0},
    "send-letters": {"task": "grants.tasks.send_due_letters", "schedule": 60.0},
    "scan-files": {"task": "grants.tasks.scan_due_files", "schedule": 60.0},
    "look-up-handles": {"task": "grants.tasks.look_up_due_handles", "schedule": 60.0},
    "record-likeness": {"task": "grants.tasks.record_due_likeness", "schedule": 60.0},
    "sweep-files": {"task": "grants.tasks.sweep_files", "schedule": 3600.0},
    "publish-calls": {"task": "grants.tasks.publish_due_calls", "schedule": 30.0},
    "send-digests": {"task": "grants.tasks.send_due_digests", "schedule": 600.0},
    "draw-ahead": {"task": "dashboards.tasks.draw_ahead", "schedule": 60.0},
    "publish-data": {"task": "dashboards.tasks.publish_due_release", "schedule": 3600.0},
}

# --- The outside world -------------------------------------------------------------------------

LLM_URL = env.str("LLM_URL", default="http://127.0.0.1:8080")
LLM_API_KEY = env.str("LLM_API_KEY", default="")
GITHUB_API_URL = env.str("GITHUB_API_URL", default="https://api.github.com").rstrip("/")
GITHUB_TOKENS = env.list("GITHUB_TOKENS", default=[])
GITHUB_APP_ID = env.str("GITHUB_APP_ID", default="")
GITHUB_APP_PRIVATE_KEY = env.str("GITHUB_APP_PRIVATE_KEY", default="")  # PEM, or the path of a file with it
GITHUB_WEBHOOK_SECRET = env.str("GITHUB_WEBHOOK_SECRET", default="")
HF_WEBHOOK_SECRET = env.str("HF_WEBHOOK_SECRET", default="")
HF_ENDPOINT = env.str("HF_ENDPOINT", default="https://huggingface.co").rstrip("/")
HF_TOKEN = env.str("HF_TOKEN", default="")
INNOVATION_GRAPH_URL = env.str(
    "INNOVATION_GRAPH_URL", default="https://raw.githubusercontent.com/github/innovationgraph/main/data"
).rstrip("/")
SYNC_LEASE_SECONDS = env.int("SYNC_LEASE_SECONDS", default=120)  # a silent worker's source is free after that
OUTSIDE_TIMEOUT = env.int("OUTSIDE_TIMEOUT", default=30)  # seconds for one answer of GitHub or the Hub
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

# EMAIL_URL: consolemail://, filemail:///dir, smtp+tls://user:password@host:587
EMAIL_CONFIG = env.email_url_config(env.str("EMAIL_URL", default="") or "filemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
# The URL's path comes without its first slash.
EMAIL_FILE_PATH = str(Path("/") / (EMAIL_CONFIG.get("EMAIL_FILE_PATH") or VAR_DIR / "mail"))
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Open Source AI Mission <mission@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- People ------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
if TESTING:  # a real hasher takes most of a second for every person of every test
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_for_role"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "mission.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "mission.models.people.display_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter whenever a password or second step changes
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO else "https"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Open Source AI Mission"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_ADAPTER = "contributions.sign_in.SignInAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
# Where a sign-in form may lead by redirect: browsers hold `form-action` against every hop.
SIGN_IN_ORIGINS: list[str] = []
if env.str("GITHUB_CLIENT_ID", default=""):
    SIGN_IN_ORIGINS.append("https://github.com")
    SOCIALACCOUNT_PROVIDERS["github"] = {
        "APPS": [{"client_id": env.str("GITHUB_CLIENT_ID"), "secret": env.str("GITHUB_CLIENT_SECRET")}],
        "SCOPE": ["read:user", "user:email"],
        "VERIFIED_EMAIL": True,
    }

_OPENID_APPS: list[dict[str, Any]] = []
if env.str("OIDC_SERVER_URL", default=""):
    SIGN_IN_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(env.str("OIDC_SERVER_URL"))))
    if env.str("OIDC_ID", default="") in {"github", "huggingface"}:  # those prove whose an account is
        raise ImproperlyConfigured("OIDC_ID names your own sign-in; github and huggingface are taken.")
    _OPENID_APPS.append(
        {
            "provider_id": env.str("OIDC_ID", default="national-id"),
            "name": env.str("OIDC_NAME", default="National sign-in"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": env.str("OIDC_SERVER_URL")},
        }
    )
if env.str("HF_CLIENT_ID", default=""):
    SIGN_IN_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(HF_ENDPOINT)))
    # `sub` is the account's own id, the same after a rename: https://huggingface.co/docs/hub/oauth
    _OPENID_APPS.append(
        {
            "provider_id": "huggingface",
            "name": "Hugging Face",
            "client_id": env.str("HF_CLIENT_ID"),
            "secret": env.str("HF_CLIENT_SECRET"),
            "settings": {"server_url": HF_ENDPOINT, "scope": ["openid", "profile"]},
        }
    )
if _OPENID_APPS:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {"OAUTH_PKCE_ENABLED": True, "APPS": _OPENID_APPS}
# Where signing in shows whose an account there is.
_CONNECT = (("github", "GITHUB_CLIENT_ID"), ("huggingface", "HF_CLIENT_ID"))
CONNECTABLE = [name for name, key in _CONNECT if env.str(key, default="")]

# --- Words, numbers, places ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Of public pages, named by their address: mission/languages.py. In their own words: docs/translations.md.
LANGUAGES = [("en", _("English")), ("hi", _("Hindi")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mission.formats"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_BACKEND = "mission.static_files.StaticStorage"
if TESTING:
    STATIC_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}
MEDIA_ROOT = VAR_DIR / "uploads"
WHITENOISE_MAX_AGE = 3600

# --- Data that leave ---------------------------------------------------------------------------------

RELEASE_DIR = VAR_DIR / "releases"  # web and workers share it
RELEASE_LEASE_SECONDS = env.int(
    "RELEASE_LEASE_SECONDS", default=3600
)  # a killed publisher's turn is over then
PUBLISHER_NAME = env.str("PUBLISHER_NAME", default="Open Source AI Mission")
PUBLISHER_EMAIL = env.str("PUBLISHER_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
PUBLISHER_ORG_ID = env.str("PUBLISHER_ORG_ID", default="")  # as org-id.guide writes it
GIVING_PREFIX = env.str("GIVING_PREFIX", default="360G-mission")  # 360Giving gives one to each publisher
# What a GPU-hour is worth in open grant data, which know no other unit than money.
GPU_HOUR_RATE = Decimal(env.str("GPU_HOUR_RATE", default="2.00"))
GPU_HOUR_CURRENCY = env.str("GPU_HOUR_CURRENCY", default="USD")
GPU_HOUR_RATE_URL = env.str("GPU_HOUR_RATE_URL", default="")

# What applicants hand in: never below STATIC_ROOT or MEDIA_ROOT, which something might serve.
FILE_DIR = VAR_DIR / "files"
LARGEST_FILE = 10 * 1024**2  # bytes
LARGEST_FILES = 40 * 1024**2  # bytes, all files of one application together
MOST_FILES = 300  # of one application, those removed again counted too
LARGEST_REQUEST = 12 * 1024**2  # bytes; more is refused unread, by mission/request_size.py
DRAINED_BYTES = 64 * 1024**2  # of a refused request, read and thrown away before the connection closes
DRAINED_SECONDS = 20  # at most
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "mission.request_size.CutLongFiles",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def clamd_url() -> str:
    """CLAMD_URL: where clamd listens, `tcp://host:port` or `unix:///path`; empty where nothing scans."""
    url: str = env.str("CLAMD_URL", default="")
    said = urlsplit(url)
    try:
        ok = not url or (said.scheme == "tcp" and said.hostname and said.port and not said.path.strip("/"))
    except ValueError:  # a port that is no number
        ok = False
    if not ok and not (said.scheme == "unix" and not said.netloc and said.path.startswith("/")):
        raise ImproperlyConfigured(
            f"CLAMD_URL is {url!r}. Write tcp://host:port, such as tcp://clamav:3310, or unix:///path, "
            "such as unix:///run/clamav/clamd.ctl. Leave it empty where no scanner runs."
        )
    return url


CLAMD_URL = clamd_url()
SCAN_SECONDS = 60  # for all of one scan

# --- Security --------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *SIGN_IN_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
HTTPS = env.bool("HTTPS", default=not (DEMO or TESTING))
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mission.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # AccessMiddleware decides
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "mission.errors.api_exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Open Source AI Mission",
    "DESCRIPTION": "What each nation adds to the open AI commons, and what the Mission gives.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "mission.openapi.tell_refusals",
        "dashboards.api_examples.show_examples",
    ],
}
API_LIMIT = env.int("API_LIMIT", default=600)  # requests of one address to /api/ in a window
API_WINDOW = env.int("API_WINDOW", default=300)  # seconds

# --- Logs --------------------------------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "mission.observe.RequestIdFilter"}},
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        },
        "text": {"format": "%(asctime)s %(levelname)-7s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "httpx2": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
