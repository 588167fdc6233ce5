"""One settings file; what differs between a laptop and a server is read from the environment.

docs/settings.md lists every variable. The defaults are a laptop's: SQLite, e-mail to the console.
"""

import os
import sys
import tempfile
from pathlib import Path

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("WINNOW_DATA_DIR") or BASE_DIR / "var")

DEBUG = os.environ.get("WINNOW_DEBUG") == "1"
TESTING = "pytest" in sys.modules


def secret_key() -> str:
    """The key that signs sessions: from the environment, else made once and kept beside the database."""
    if key := os.environ.get("WINNOW_SECRET_KEY"):
        return key
    from django.core.management.utils import get_random_secret_key

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    path = DATA_DIR / "secret_key"
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
    "reviewsite.web",
    "reviewsite.portability",
    "reviewsite.operations",
    "screening",
    "extraction",
    "analysis",
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
    "crispy_forms",
    "crispy_bootstrap5",
    "bootstrap",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviewsite.web.csp.ContentSecurityPolicyMiddleware",
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
    DATA_DIR.mkdir(parents=True, exist_ok=True)
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
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("WINNOW_EMAIL_VERIFICATION", "optional")
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_REDIRECT_URL = "reviews:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "reviews:home"
LOGIN_URL = "account_login"

EMAIL_BACKEND = os.environ.get("WINNOW_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("WINNOW_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("WINNOW_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("WINNOW_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WINNOW_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("WINNOW_EMAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("WINNOW_FROM_EMAIL", "winnow@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("WINNOW_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "files"
# Uploaded files are never served from a public address: a view checks the door first.
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
UPLOAD_MAX_BYTES = int(os.environ.get("WINNOW_UPLOAD_MAX_MB", "100")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A review's PDFs are uploaded in one go.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# A site with a folder for backups makes them by itself: the background worker sees when one is due.
BACKUP_DIR = os.environ.get("WINNOW_BACKUP_DIR", "")
BACKUP_EVERY_HOURS = float(os.environ.get("WINNOW_BACKUP_EVERY_HOURS", "24"))
BACKUP_KEEP = int(os.environ.get("WINNOW_BACKUP_KEEP", "14"))

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# PubMed. The address is empty for NCBI itself; the offline example sets it to its loopback stand-in.
ENTREZ_URL = os.environ.get("WINNOW_ENTREZ_URL", "")
ENTREZ_EMAIL = os.environ.get("WINNOW_ENTREZ_EMAIL", "")
ENTREZ_API_KEY = os.environ.get("WINNOW_ENTREZ_API_KEY", "")

# Behind TLS (WINNOW_HTTPS=1) cookies are sent over TLS only and browsers are told to stay there.
HTTPS = os.environ.get("WINNOW_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_AGE = 14 * 24 * 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("WINNOW_LOG_LEVEL", "WARNING")},
}
