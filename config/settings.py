"""Settings of an installation: everything that differs between machines comes from the environment.

DATABASE_URL   PostgreSQL (or another SQLite file); default: a SQLite file under MOYAI_HOME
REDIS_URL      the broker; default: a durable folder queue under MOYAI_HOME
MOYAI_HOME     where everything outside the database lies: keys, evidence, documents, broker; default ./var
MOYAI_LOG_PUBLIC  0 to close checkpoints and hash tiles to whoever is not signed in; default 1
MOYAI_HOST     the public host name, part of the log's origin; default localhost
MOYAI_CLAUSE_LIBRARY  the clauses and templates that come with the product; default: demo/clauses.json
MOYAI_CHECKLIST  warn (default) or block: whether an agreement is approved with open items of its checklist
SECRET_KEY     default: made once and kept under MOYAI_HOME/keys
MOYAI_SEAL_*, MOYAI_TSA_*, MOYAI_SIGNING_*  keys, time authorities and trust for signing; see docs/operations.md
DEBUG          1 for development only
"""

import os
import secrets
import sys
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting in the environment that cannot be used."""


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in {"0", "1", "true", "false", "yes", "no", ""}:
        raise BadSetting(f"{name} must be 0 or 1, not {value!r}")
    return value in {"1", "true", "yes"}


def home() -> Path:
    """Everything outside the database lies here."""
    if named := os.environ.get("MOYAI_HOME"):  # an empty one names no folder, least of all the one we stand in
        return Path(named).resolve()
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).resolve().parent
    return BASE_DIR / "var"


MOYAI_HOME = home()
# the clauses and templates that come with the product; legal compares them with its own and takes chosen ones over
CLAUSE_LIBRARY = os.environ.get("MOYAI_CLAUSE_LIBRARY", str(BASE_DIR / "demo" / "clauses.json"))
MOYAI_HOST = os.environ.get("MOYAI_HOST", "localhost")
for folder in ("keys", "evidence", "documents", "broker", "static"):
    (MOYAI_HOME / folder).mkdir(parents=True, exist_ok=True, mode=0o700)


def secret_key() -> str:
    """From the environment, else made once and kept with the other keys."""
    if "SECRET_KEY" in os.environ:
        return os.environ["SECRET_KEY"]
    path = MOYAI_HOME / "keys" / "django.secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", f"127.0.0.1,localhost,[::1],{MOYAI_HOST}").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
SECURE = env_bool("MOYAI_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
    "contributions.apps.ContributionsConfig",
    "licensing.apps.LicensingConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "contributions.middleware.ViewerMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "licensing.views.context.page",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    # Without these, two processes that read and then write meet "database is locked" and lose rows.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
        # 8 MiB a connection: within SQLite's own two, look-ups scattered over a large log read each page again.
        "PRAGMA cache_size=-8192;"
    ),
}
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{MOYAI_HOME / 'moyai.sqlite3'}"
# The role that runs the site; `migrate` runs as the owner, where DATABASE_OWNER_URL names one, and grants to this role.
APPLICATION_ROLE = dj_database_url.parse(DATABASE_URL).get("USER", "")
IS_MIGRATING = len(sys.argv) > 1 and sys.argv[1] == "migrate"
RUNS_AS = os.environ.get("DATABASE_OWNER_URL", DATABASE_URL) if IS_MIGRATING else DATABASE_URL
DATABASES = {"default": dj_database_url.parse(RUNS_AS, conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "config.sqlite"  # writers take turns
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "contributions.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "contributions.forms.accounts.SignInForm"}
ACCOUNT_ADAPTER = "contributions.adapters.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Moyai"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = MOYAI_HOME / "mail"
if "EMAIL_HOST" in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "moyai@localhost")

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = MOYAI_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MOYAI_HOME}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", "536870912"))
# A file posted in the request itself (POST /api/v1/batches/) must be small; a larger one is read by a worker.
UPLOAD_AT_ONCE_BYTES = int(os.environ.get("UPLOAD_AT_ONCE_BYTES", "33554432"))
# How long a file that was read waits for its sender to commit it.
INTAKE_HOURS = int(os.environ.get("INTAKE_HOURS", "72"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["contributions.api.bodies.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "contributions.api.refusals.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Moyai",
    "DESCRIPTION": "The ledger of a consortium that trains one foundation model together.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"ResourceKindEnum": ["cash", "people", "background"]},
}

REDIS_URL = os.environ.get("REDIS_URL", "")

# Background work. The Job row is the truth, a message is only a wake-up: a lost one costs a sweep, never a job.
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = int(os.environ.get("MOYAI_WORKERS", "2"))
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(MOYAI_HOME / "broker" / "beat")
CELERY_BEAT_SCHEDULE = {
    # a tick that could not be taken in time is dropped: the next one does its work
    "sweep lost jobs": {"task": "contributions.tasks.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "let go of old uploads": {"task": "contributions.tasks.expire", "schedule": 3600.0, "options": {"expires": 3600}},
    "seal the log": {"task": "contributions.tasks.seal", "schedule": 60.0, "options": {"expires": 60}},
    "follow the journal": {"task": "licensing.tasks.follow", "schedule": 10.0, "options": {"expires": 10}},
    "make balances": {"task": "contributions.tasks.extend_balances", "schedule": 60.0, "options": {"expires": 60}},
    "verify the log": {"task": "contributions.tasks.verify_log", "schedule": crontab(hour="2", minute="30")},
    "move agreements": {"task": "licensing.tasks.move_agreements", "schedule": crontab(hour="0", minute="5")},
    "send digests": {"task": "licensing.tasks.send_digests", "schedule": crontab(hour="7", minute="30")},
    # from the first of the month on, each day until it is done: what was checked this month is left out
    "check exclusions": {"task": "contributions.tasks.check_exclusions", "schedule": crontab(hour="4", minute="0")},
    "forget inquiries": {"task": "licensing.tasks.forget_inquiries", "schedule": crontab(hour="3", minute="40")},
    "renew timestamps": {"task": "licensing.tasks.renew_timestamps", "schedule": crontab(hour="4", minute="10")},
    "forget answers": {"task": "contributions.tasks.forget_answers", "schedule": crontab(hour="3", minute="30")},
}
# How long the answer to a call with an Idempotency-Key is kept; that the act was done stays known for good.
ANSWERS_KEPT_DAYS = int(os.environ.get("MOYAI_ANSWERS_KEPT_DAYS", "30"))
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
    # a message whose worker died comes back after visibility_timeout; a second delivery is fenced off by the Job row
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "global_keyprefix": "moyai:",
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "folder://localhost"  # config/broker.py: one file a message
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(MOYAI_HOME / "broker"), "polling_interval": 0.2}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {
        "pyhanko": {"level": "CRITICAL"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []

# The countries in which training and its data stay; what the members promised each other, so an operator's setting.
RESIDENCY = os.environ.get("MOYAI_RESIDENCY", "JP").split(",")
# Whether checkpoints and hash tiles, which show nothing of what an entry says, are open to everybody.
LOG_PUBLIC = env_bool("MOYAI_LOG_PUBLIC", default=True)
# Who signs and invoices for the consortium: its organization's code in the ledger.
CONSORTIUM = os.environ.get("MOYAI_CONSORTIUM", "consortium")
# Whether open items of the contract checklist only show before an approval, or keep it from being given.
CHECKLIST = os.environ.get("MOYAI_CHECKLIST", "warn")
if CHECKLIST not in {"warn", "block"}:
    raise BadSetting(f"MOYAI_CHECKLIST must be warn or block, not {CHECKLIST!r}")
# A clean-team grant opens a rival's material to one person for at most so many days.
CLEAN_TEAM_DAYS_MAX = int(os.environ.get("MOYAI_CLEAN_TEAM_DAYS", "90"))
# For how many days the record of who opened whose material is shown to the owner.
OPENINGS_DAYS = int(os.environ.get("MOYAI_OPENINGS_DAYS", "1825"))
# Where people reach this installation, for addresses in calendars and letters; empty: none are written.
PUBLIC_URL = os.environ.get("MOYAI_PUBLIC_URL", "").rstrip("/")
# How many days ahead a digest looks.
DIGEST_DAYS_AHEAD = int(os.environ.get("MOYAI_DIGEST_DAYS", "14"))

# Whether the pages for prospective licensees (prices, calculator, self-check, standard text, requests) are open to
# everybody.
# Whether the pages for prospective licensees (price lists in force, calculator, self-check, standard text, requests)
# are open to everybody.
GUIDE_PUBLIC = env_bool("MOYAI_GUIDE_PUBLIC", default=True)
# How often one address may ask for what costs the server work, an hour; each worker process counts for itself.
GUIDE_CALLS = int(os.environ.get("MOYAI_GUIDE_CALLS", "600"))
GUIDE_PAPERS = int(os.environ.get("MOYAI_GUIDE_PAPERS", "30"))
GUIDE_REQUESTS = int(os.environ.get("MOYAI_GUIDE_REQUESTS", "10"))
# How many requests from outside may wait at a time, and for how many days one is kept.
INQUIRIES_OPEN_MAX = int(os.environ.get("MOYAI_INQUIRIES_OPEN_MAX", "200"))
INQUIRY_DAYS = int(os.environ.get("MOYAI_INQUIRY_DAYS", "180"))
# Licensees: how many days before a screening is due again it is announced, and whether being late stops new agreements.
RESCREEN_NOTICE_DAYS = int(os.environ.get("MOYAI_RESCREEN_NOTICE_DAYS", "60"))
RESCREEN_SUSPENDS = env_bool("MOYAI_RESCREEN_SUSPENDS", default=True)
# How consumption tax follows what is credited of an evaluation's fee: `discount` lowers the price of the full licence,
# `return` gives the price of the evaluation back with its tax. A tax adviser decides; see docs/operations.md.
EVALUATION_CREDIT = os.environ.get("MOYAI_EVALUATION_CREDIT", "discount")
if EVALUATION_CREDIT not in ("discount", "return"):
    raise BadSetting("MOYAI_EVALUATION_CREDIT is either discount or return.")
# ---- signing contracts: where nothing is set, a test authority signs and says so on every page ----
# The licensor's own key: a PKCS#12, a PEM key with its certificate, or a PKCS#11 token (module, token, label, PIN).
SEAL_LICENSOR = {
    "p12": os.environ.get("MOYAI_SEAL_P12", ""),
    "key": os.environ.get("MOYAI_SEAL_KEY", ""),
    "certificate": os.environ.get("MOYAI_SEAL_CERTIFICATE", ""),
    "secret_file": os.environ.get("MOYAI_SEAL_SECRET_FILE", ""),
    "module": os.environ.get("MOYAI_SEAL_PKCS11_MODULE", ""),
    "token": os.environ.get("MOYAI_SEAL_PKCS11_TOKEN", ""),
    "label": os.environ.get("MOYAI_SEAL_PKCS11_LABEL", ""),
}
# The service's key, under which a licensee signs in this system (立会人型); without it a licensee signs outside.
SEAL_SERVICE = {
    "p12": os.environ.get("MOYAI_SEAL_SERVICE_P12", ""),
    "secret_file": os.environ.get("MOYAI_SEAL_SERVICE_SECRET_FILE", ""),
}
# Time authorities by RFC 3161, asked in this order; without an answer of either nothing is signed.
TSA_URLS = [url for url in os.environ.get("MOYAI_TSA_URLS", "").split(",") if url]
TSA_SECONDS = int(os.environ.get("MOYAI_TSA_SECONDS", "5"))
# Trusted roots (*.crt, *.pem) and revocation lists (*.crl), for our signatures and for those that come from outside.
SEAL_TRUST = os.environ.get("MOYAI_SEAL_TRUST", "")
# Whether revocation data of our own certificates is fetched from their authority when we sign.
SEAL_FETCH = env_bool("MOYAI_SEAL_FETCH", default=False)
# A second factor at each signature; by default asked everywhere but in a demo.
SIGNING_MFA = env_bool("MOYAI_SIGNING_MFA", default=True) if "MOYAI_SIGNING_MFA" in os.environ else None
# Whether the evidence of a signature keeps the network address from which it was given.
SIGNING_ADDRESS = env_bool("MOYAI_SIGNING_ADDRESS", default=True)
# How sure the operator is of who a person is: account, or certificate where accounts are opened on one.
SIGNING_IDENTITY = os.environ.get("MOYAI_SIGNING_IDENTITY", "account")
# A signed paper gets a new timestamp when the newest one's certificate ends within so many days.
RESTAMP_DAYS = int(os.environ.get("MOYAI_RESTAMP_DAYS", "180"))
# Signed files that are handed in to be checked or taken back may be so large.
SIGNED_BYTES_MAX = int(os.environ.get("MOYAI_SIGNED_BYTES_MAX", "20000000"))
