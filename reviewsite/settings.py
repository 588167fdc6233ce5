"""One settings file; what differs between a laptop and a server is read from the environment.

docs/settings.md lists every variable. The defaults are a laptop's: SQLite, e-mail to the console.
"""

import os
import sys
import tempfile
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("WINNOW_DATA_DIR") or BASE_DIR / "var")

DEBUG = os.environ.get("WINNOW_DEBUG") == "1"
TESTING = "pytest" in sys.modules
# A server behind TLS (WINNOW_HTTPS=1); else a laptop.
HTTPS = os.environ.get("WINNOW_HTTPS") == "1"


def number(name: str, default: int) -> int:
    """A whole number from the environment; a mistake is told with the name of the variable."""
    given = os.environ.get(name) or str(default)
    if not given.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {given!r}.")
    return int(given)


def folder(path: Path) -> Path:
    """The folder, made where it is not there yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {path} cannot be made ({error.strerror}). Make it and give it to the user that "
            "runs Winnow, or name another with WINNOW_DATA_DIR."
        ) from error
    return path


def secret_key() -> str:
    """The key that signs sessions: from the environment, else made once and kept beside the database."""
    if key := os.environ.get("WINNOW_SECRET_KEY"):
        return key
    from django.core.management.utils import get_random_secret_key

    path = folder(DATA_DIR) / "secret_key"
    try:
        # Opened exclusively: web and worker start together and must end up with one key.
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("WINNOW_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("WINNOW_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "reviewsite",
    "reviewsite.reviews",
    "reviewsite.guide",
    "reviewsite.web",
    "reviewsite.tour",
    "reviewsite.portability",
    "reviewsite.operations",
    "reviewsite.api",
    "screening",
    "extraction",
    "analysis",
    "reviewsite.reporting",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "reviewsite.web.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reviewsite.web.limits.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviewsite.web.form_addresses.FormAddressMiddleware",
    "reviewsite.web.csp.ContentSecurityPolicyMiddleware",
    # Innermost: what fails in it still passes the others on its way out.
    "reviewsite.web.language.LanguageMiddleware",
]

ROOT_URLCONF = "reviewsite.urls"
WSGI_APPLICATION = "reviewsite.wsgi.application"

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
                "reviewsite.web.context.site",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'winnow.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    folder(DATA_DIR)
    # Readers never wait for a writer (WAL); a writer waits for another instead of failing, and takes its
    # lock when the transaction begins, so that two read-then-write transactions cannot dead-lock.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    if TESTING:
        # A file, as in use: the threads of a live server would share one connection to a database in memory,
        # and with it transactions.
        DATABASES["default"]["TEST"] = {
            "NAME": str(Path(tempfile.gettempdir()) / f"winnow-test-{os.getpid()}.sqlite3")
        }
# What counts guesses at passwords is seen by all processes, on all machines, of a server.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "winnow_cache"}
    if DATABASES["default"]["ENGINE"].endswith("postgresql")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# How often one token may call the API in a minute; 0: as often as it likes.
API_CALLS_A_MINUTE = number("WINNOW_API_CALLS_A_MINUTE", 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TESTING
        else "django_tasks_db.DatabaseBackend",
    }
}

# Accounts: people sign in with their e-mail address; names are for display only.
AUTH_USER_MODEL = "reviews.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
if TESTING:
    # Half a second for each person's password is right in use, and most of the time of a suite.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "reviewsite.reviews.forms.SignupForm"
# Behind TLS is a server for others: addresses are confirmed there unless it is said otherwise.
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("WINNOW_EMAIL_VERIFICATION") or (
    "mandatory" if HTTPS else "optional"
)
# Who confirms in the browser in which they signed up is in; elsewhere they sign in first.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Winnow: "
ACCOUNT_ADAPTER = "reviewsite.reviews.accounts.AccountAdapter"
# "open", or "invited": only people who come by the link of an invitation make an account.
SIGNUP = os.environ.get("WINNOW_SIGNUP", "open")
INVITATION_DAYS = number("WINNOW_INVITATION_DAYS", 14)
# A password that was guessed at too often is refused for a while (allauth's own limits), counted by the
# address of the person and not of the proxy in between.
ALLAUTH_TRUSTED_PROXY_COUNT = number("WINNOW_PROXIES", int(HTTPS))

# Second factors: an authenticator app, passkeys (which also sign in by themselves), recovery codes.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Winnow"
# Passkeys need TLS everywhere but on localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# Sign-in by an institution's OpenID Connect. Its word for an address counts once it says it is verified.
SOCIALACCOUNT_ADAPTER = "reviewsite.reviews.accounts.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_NAME = os.environ.get("WINNOW_OIDC_NAME", "your institution")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "institution",
                "name": OIDC_NAME,
                "client_id": os.environ.get("WINNOW_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("WINNOW_OIDC_SECRET", ""),
                "settings": {"server_url": os.environ["WINNOW_OIDC_URL"]},
            }
        ]
        if os.environ.get("WINNOW_OIDC_URL")
        else [],
    }
}
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_REDIRECT_URL = "reviews:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "reviews:home"
LOGIN_URL = "account_login"

EMAIL_BACKEND = os.environ.get("WINNOW_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("WINNOW_EMAIL_HOST", "localhost")
EMAIL_PORT = number("WINNOW_EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("WINNOW_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WINNOW_EMAIL_PASSWORD", "")
# A mail server that does not answer must not hold a page for minutes.
EMAIL_TIMEOUT = 10
EMAIL_USE_TLS = os.environ.get("WINNOW_EMAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("WINNOW_FROM_EMAIL", "winnow@localhost")

# What is outside of a request (workers, commands, stored words) is always in this language.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
# For people who chose none and whose browser asks for none that there is.
SITE_LANGUAGE = os.environ.get("WINNOW_LANGUAGE") or LANGUAGE_CODE
if SITE_LANGUAGE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"WINNOW_LANGUAGE must be one of {', '.join(dict(LANGUAGES))}.")
TIME_ZONE = os.environ.get("WINNOW_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "reviewsite.web.formats"

# Figures keep a list of the machine's fonts; the user that runs a server may have no home to keep it in.
os.environ.setdefault("MPLCONFIGDIR", str(DATA_DIR / "fonts"))

STATIC_URL = "static/"
STATIC_ROOT = folder(DATA_DIR / "static")
MEDIA_ROOT = DATA_DIR / "files"
# Uploaded files are never served from a public address: a view checks the door first.
MEDIA_URL = ""
# The files are in the data folder, or in an S3-compatible store that several machines share.
S3 = {
    "bucket_name": os.environ.get("WINNOW_S3_BUCKET", ""),
    "endpoint_url": os.environ.get("WINNOW_S3_ENDPOINT") or None,
    "region_name": os.environ.get("WINNOW_S3_REGION") or None,
    "access_key": os.environ.get("WINNOW_S3_ACCESS_KEY") or None,
    "secret_key": os.environ.get("WINNOW_S3_SECRET_KEY") or None,
    # A name is never taken twice, and nothing is handed out but by a view.
    "file_overwrite": False,
    "default_acl": None,
}
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3}
    if os.environ.get("WINNOW_FILES") == "s3"
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
UPLOAD_MAX_BYTES = number("WINNOW_UPLOAD_MAX_MB", 100) * 1024 * 1024
REQUEST_MAX_BYTES = number("WINNOW_REQUEST_MAX_MB", 1000) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A review's PDFs are uploaded in one go.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# A site with a folder for backups makes them by itself: the background worker sees when one is due.
BACKUP_DIR = os.environ.get("WINNOW_BACKUP_DIR", "")
BACKUP_EVERY_HOURS = number("WINNOW_BACKUP_EVERY_HOURS", 24)
BACKUP_KEEP = number("WINNOW_BACKUP_KEEP", 14)

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# PubMed. The address is empty for NCBI itself; the offline example sets it to its loopback stand-in.
ENTREZ_URL = os.environ.get("WINNOW_ENTREZ_URL", "")
ENTREZ_EMAIL = os.environ.get("WINNOW_ENTREZ_EMAIL", "")
ENTREZ_API_KEY = os.environ.get("WINNOW_ENTREZ_API_KEY", "")

# Behind TLS cookies are sent over TLS only and browsers are told to stay there.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Whether browsers come with the site's name built in is for whoever owns the domain to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# A balancer asks over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# One line a request and an event, as JSON for machines or plain for people; neither names a person.
LOG_FORMAT = os.environ.get("WINNOW_LOG_FORMAT") or ("json" if HTTPS else "line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "reviewsite.web.logs.LineFormatter"},
        "json": {"()": "reviewsite.web.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT if LOG_FORMAT in ("json", "line") else "json",
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("WINNOW_LOG_LEVEL", "WARNING")},
    "loggers": {
        # Django's own handlers would print addresses and mail tracebacks.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "winnow": {"level": os.environ.get("WINNOW_LOG_LEVEL", "INFO" if HTTPS else "WARNING")},
    },
}

# Numbers for Prometheus at /metrics, for whoever sends this token; without one the address does not exist.
METRICS_TOKEN = os.environ.get("WINNOW_METRICS_TOKEN", "")
