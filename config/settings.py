"""All settings. What differs between machines is read here from the environment, once (.env.example lists it)."""

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from environs import Env
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import logs
from config.runtime import addresses, environment, paths, practice

environment.fill()
env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = paths.run_folder()

# --- what this process is -------------------------------------------------------------------------------------------

# "web", "worker", "beat", "owner" (changes the schema, runs the tests) or "manage" (any other command).
WARDPOST_PROCESS = env.str("WARDPOST_PROCESS", "manage")
DEBUG = env.bool("WARDPOST_DEBUG", False)
IS_LOCAL = environment.is_local("postgres") or env.bool("WARDPOST_LOCAL_SECRETS", False)

# --- practice: the same program for trainees, on a database, queue, files and keys of its own ------------------------

WARDPOST_PRACTICE = practice.is_asked()
if WARDPOST_PRACTICE:
    practice.refuse_lines(os.environ)
# Live: where the practice house answers; empty: there is none. Practice: where its signed results go, its only line.
WARDPOST_PRACTICE_URL = env.str("WARDPOST_PRACTICE_URL", "").rstrip("/")
WARDPOST_LIVE_URL = env.str("WARDPOST_LIVE_URL", "").rstrip("/")
# Both know it, and use it for nothing but the links that sign a trainee in and the results that come back.
WARDPOST_PRACTICE_KEY = env.str("WARDPOST_PRACTICE_KEY", "")

# --- secrets: no defaults; environment.fill() makes some up on a single machine -------------------------------------

SECRET_KEY = env.str("WARDPOST_SECRET_KEY")
WARDPOST_FIELD_KEY = env.str("WARDPOST_FIELD_KEY")
WARDPOST_INDEX_KEY = env.str("WARDPOST_INDEX_KEY")
# The key that signs the books each day: a file that only workers read. Without one, nothing is signed.
WARDPOST_CHECKPOINT_KEY_FILE = env.str(
    "WARDPOST_CHECKPOINT_KEY_FILE", str(RUN_DIR / "checkpoint-key.json") if IS_LOCAL else "")
# Public keys (hex) that `manage.py verify` trusts; empty: those of the key file.
WARDPOST_CHECKPOINT_TRUSTED: list[str] = env.list("WARDPOST_CHECKPOINT_TRUSTED", [])
# Every checkpoint is also written to this file, best on another machine's disk: a database that is set back is found.
WARDPOST_CHECKPOINT_WITNESS = env.str(
    "WARDPOST_CHECKPOINT_WITNESS", str(RUN_DIR / "checkpoints.jsonl") if IS_LOCAL else "")
# Carrier code to the secret that signs its webhooks.
# A second secret behind the first, after a space, is accepted as well while the carrier changes over.
WARDPOST_CARRIER_SECRETS: dict[str, str] = dict(env.json("WARDPOST_CARRIER_SECRETS"))
# Carrier code to the base address of its booking interface; a carrier without one is told by paper and file.
WARDPOST_CARRIER_URLS: dict[str, str] = dict(env.json("WARDPOST_CARRIER_URLS", {}))
# What a carrier's interface asks for besides a signature, such as a customer code, a name and a password.
WARDPOST_CARRIER_ACCOUNTS: dict[str, dict[str, str]] = dict(env.json("WARDPOST_CARRIER_ACCOUNTS", {}))

# Notices to citizens: channel ("zalo", "sms") to the gateway that carries them, and to its secret. None: none are sent.
WARDPOST_NOTICE_URLS: dict[str, str] = dict(env.json("WARDPOST_NOTICE_URLS", {}))
WARDPOST_NOTICE_SECRETS: dict[str, str] = dict(env.json("WARDPOST_NOTICE_SECRETS", {}))
# Local hours in which no phone is made to ring.
WARDPOST_NOTICE_QUIET = env.str("WARDPOST_NOTICE_QUIET", "21:00-07:00")
# The sender of e-mail; empty: none is sent.
WARDPOST_EMAIL_FROM = env.str("WARDPOST_EMAIL_FROM", "")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.dummy.EmailBackend" if WARDPOST_PRACTICE else env.str(
            "WARDPOST_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"),
        "OPTIONS": {
            "host": env.str("WARDPOST_EMAIL_HOST", "localhost"),
            "port": env.int("WARDPOST_EMAIL_PORT", 25),
            "username": env.str("WARDPOST_EMAIL_USER", ""),
            "password": env.str("WARDPOST_EMAIL_PASSWORD", ""),
            "use_tls": env.bool("WARDPOST_EMAIL_TLS", False),
            "timeout": 10,
        },
    }
}

# The national or city portal that is told of every dossier's progress; empty: it is not.
WARDPOST_PORTAL_URL = env.str("WARDPOST_PORTAL_URL", "").rstrip("/")
WARDPOST_PORTAL_USER = env.str("WARDPOST_PORTAL_USER", "")
WARDPOST_PORTAL_SECRET = env.str("WARDPOST_PORTAL_SECRET", "")
# The first moment whose dossiers are told; empty: all.
WARDPOST_PORTAL_SINCE = env.datetime("WARDPOST_PORTAL_SINCE", None)

# Cards by Stripe: without a key nobody can pay by card. The address is Stripe's own unless one is named.
WARDPOST_STRIPE_KEY = env.str("WARDPOST_STRIPE_KEY", "")
WARDPOST_STRIPE_URL = env.str("WARDPOST_STRIPE_URL", "").rstrip("/")
# What signs its messages to us; a second one behind a space is accepted as well while it is changed over.
WARDPOST_STRIPE_WEBHOOK_SECRETS: list[str] = env.str("WARDPOST_STRIPE_WEBHOOK_SECRETS", "").split()
# In đồng: below the first no card is offered; above the second a refund needs two people.
WARDPOST_CARD_MINIMUM = env.int("WARDPOST_CARD_MINIMUM", 15_000)
WARDPOST_CARD_REFUND_LIMIT = env.int("WARDPOST_CARD_REFUND_LIMIT", 200_000)

# --- the web --------------------------------------------------------------------------------------------------------

ALLOWED_HOSTS = env.list("WARDPOST_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if IS_LOCAL else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("WARDPOST_TRUSTED_ORIGINS", [])
# The address people and carriers reach us at; printed in QR codes.
WARDPOST_PUBLIC_URL = env.str("WARDPOST_PUBLIC_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")
# Form 04: how many working days before its last moment it is drafted, and whether the system sends what nobody has.
# A service that answers as Nominatim does, e.g. https://nominatim.example/; empty: addresses stay at their commune's
# middle until somebody pins them. The pause is what the service asks of its users, in seconds between two questions.
WARDPOST_GEOCODER_URL = env.str("WARDPOST_GEOCODER_URL", "").rstrip("/")
WARDPOST_GEOCODER_PAUSE = env.float("WARDPOST_GEOCODER_PAUSE", 1.0)
WARDPOST_APOLOGY_DRAFT_DAYS = env.int("WARDPOST_APOLOGY_DRAFT_DAYS", 2)
WARDPOST_APOLOGY_BY_SYSTEM = env.bool("WARDPOST_APOLOGY_BY_SYSTEM", True)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "shared.apps.SharedConfig",
    "agents.apps.AgentsConfig",
    "billing.apps.BillingConfig",
    "delivery.apps.DeliveryConfig",
    "intake.apps.IntakeConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    # Its documentation page, served from here.
    "ninja",
    "axes",
    # Second factors only: log-in, screens and accounts are our own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "django_structlog",
]

MIDDLEWARE = [
    "config.health.ProbesFirst",
    "config.metrics.MeasureRequests",
    # Around everything that makes a page: in practice each of them says so. In the live house it is not there.
    "shared.practice_bar.SayPractice",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shared.language.VietnameseFirst",
    # Early, so that every refusal carries the request's id; who acts is bound by AttachActor.
    "django_structlog.middlewares.RequestMiddleware",
    "config.problems.ProblemsForMachines",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agents.middleware.AttachActor",
    "agents.switching.middleware.LockScreen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Hands the request to allauth's second factors.
    "allauth.account.middleware.AccountMiddleware",
    # Last, as its documentation asks: it turns a locked-out log-in into an answer.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shared.shell.shell_context",
            ],
        },
    }
]

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "worker-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    # The button that opens practice leads there by a redirect.
    "form-action": [CSP.SELF, *([WARDPOST_PRACTICE_URL] if WARDPOST_PRACTICE_URL else [])],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Behind a proxy that ends TLS and sets X-Forwarded-Proto itself.
IS_HTTPS = env.bool("WARDPOST_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_SSL_REDIRECT = IS_HTTPS

# In the database, so that people stay logged in when Valkey is lost.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Browsers give a machine's cookies to all its ports: beside one another the two houses must not share a name.
SESSION_COOKIE_NAME = "practice_session" if WARDPOST_PRACTICE else "sessionid"
CSRF_COOKIE_NAME = "practice_csrf" if WARDPOST_PRACTICE else "csrftoken"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Where `collectstatic` puts compressed files named after their content, which browsers may keep for ever. Without it
# they are served from where they lie: collecting would take half a minute at every start of a demo.
STATIC_ROOT = env.path("WARDPOST_STATIC_ROOT", None)
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_MAX_AGE = 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Citizens' papers: only a view that has checked who asks ever opens one; no URL leads here.
MEDIA_ROOT = env.path("WARDPOST_MEDIA_ROOT", RUN_DIR / "media")
MEDIA_URL = ""
# Photos of hand-overs, sealed as the papers are.
WARDPOST_PROOF_ROOT = env.path("WARDPOST_PROOF_ROOT", RUN_DIR / "proofs")
# An antivirus engine that speaks clamd's protocol: unix:/run/clamav/clamd.ctl or tcp://host:3310. Without one papers
# stay "not yet checked"; with one nothing is shown before its verdict.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")
# A folder of certificates (PEM or DER) whose issuers' digital signatures count as trusted.
WARDPOST_TRUST_ROOTS = env.str("WARDPOST_TRUST_ROOTS", str(RUN_DIR / "trust"))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "shared.uploads.RefuseHugeRequests",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- PostgreSQL -----------------------------------------------------------------------------------------------------

# A counter never waits for ever: the web gives up early, the others may work longer. Milliseconds.
SESSION_LIMITS: dict[str, dict[str, str]] = {
    "web": {
        "statement_timeout": "5000",
        "lock_timeout": "1000",
        "idle_in_transaction_session_timeout": "10000",
    },
    "worker": {
        "statement_timeout": "60000",
        "lock_timeout": "5000",
        "idle_in_transaction_session_timeout": "60000",
    },
}
SESSION_LIMITS["beat"] = SESSION_LIMITS["worker"]
# Row-level security (shared/scope.py): the web sees what its actor may see, every other process works for all.
SESSION_SCOPE = {} if WARDPOST_PROCESS == "web" else {"app.scope": "all"}

DATABASE_URL = env.str("DATABASE_URL")
if WARDPOST_PROCESS == "owner":
    DATABASE_URL = env.str("MIGRATION_DATABASE_URL", DATABASE_URL)
WARDPOST_APP_ROLE = env.str("WARDPOST_APP_ROLE", addresses.database(env.str("DATABASE_URL"), session={})["USER"])

DATABASES: dict[str, dict[str, Any]] = {
    "default": addresses.database(DATABASE_URL, session=SESSION_LIMITS.get(WARDPOST_PROCESS, {}) | SESSION_SCOPE)
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.str("WARDPOST_TEST_DB", "test_wardpost")},
    }
}
practice.refuse_database(str(DATABASES["default"]["NAME"]), is_practice=WARDPOST_PRACTICE)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey: queue hints and cache, may vanish at any moment --------------------------------------------------------

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "config.cache.TolerantCache",
        "LOCATION": env.str("CACHE_URL", addresses.cache(REDIS_URL)),
        "KEY_PREFIX": "wardpost",
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3, "retry": Retry(NoBackoff(), 0)},
    }
}
CELERY_BROKER_URL = addresses.broker(REDIS_URL)
# Publishing wakes a worker at once; without hints the sweep finds the row within five seconds.
WARDPOST_OUTBOX_HINTS = env.bool("WARDPOST_OUTBOX_HINTS", True)

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agents.StaffAccount"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "agents.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "agents:login"
LOGIN_REDIRECT_URL = "agents:home"
LOGOUT_REDIRECT_URL = "agents:login"

# Counted in the database: a lost cache must not open the door.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "agents.views.sign_in.locked_out"
AXES_IPWARE_PROXY_COUNT = env.int("WARDPOST_PROXY_COUNT", 0)

# Second factors: who must have one, and from which day on; before it, and for all others, it is everybody's own choice.
WARDPOST_MFA_ROLES: list[str] = env.list(
    "WARDPOST_MFA_ROLES", ["finance_reviewer", "finance_approver", "auditor", "administrator"])
WARDPOST_MFA_FROM = env.date("WARDPOST_MFA_FROM", None)
# Releasing money, changing rules, giving roles and taking people's data out ask for a second factor (or the password of
# who has none) that is not older than so many minutes; 0: they do not ask.
WARDPOST_PROOF_MINUTES = env.int("WARDPOST_PROOF_MINUTES", 10)
# Signing in at the organisation's own provider (OpenID Connect); without issuer and client there is none. Accounts and
# roles come from here alone: who is linked to nobody gets in nowhere.
WARDPOST_OIDC_ISSUER = env.str("WARDPOST_OIDC_ISSUER", "")
WARDPOST_OIDC_CLIENT_ID = env.str("WARDPOST_OIDC_CLIENT_ID", "")
WARDPOST_OIDC_CLIENT_SECRET = env.str("WARDPOST_OIDC_CLIENT_SECRET", "")
WARDPOST_OIDC_NAME = env.str("WARDPOST_OIDC_NAME", "SSO")
# Values of the ID token's acr and amr that stand for a second factor; none: it is asked for here.
WARDPOST_OIDC_TRUSTED_ACR: list[str] = env.list("WARDPOST_OIDC_TRUSTED_ACR", [])
WARDPOST_OIDC_TRUSTED_AMR: list[str] = env.list("WARDPOST_OIDC_TRUSTED_AMR", [])
# Minutes without a touch after which a page of an outlet or a centre covers itself; 0: never by itself.
WARDPOST_IDLE_LOCK_MINUTES = env.int("WARDPOST_IDLE_LOCK_MINUTES", 10)
MFA_ADAPTER = "agents.people.allauth_adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Wardpost"
MFA_TOTP_TOLERANCE = 1
# Browsers themselves allow passkeys without TLS on this very machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
ACCOUNT_EMAIL_VERIFICATION = "none"

# --- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "wardpost_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- logs and measurements ------------------------------------------------------------------------------------------

logs.configure()
LOGGING = logs.logging_settings(env.str("WARDPOST_LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
# /metrics answers whoever sends this as a bearer token; without one, only this machine.
WARDPOST_METRICS_TOKEN = env.str("WARDPOST_METRICS_TOKEN", "")
