"""Django's settings, all from the environment (`kept.web.environment`)."""

from pathlib import Path

from kept.web import environment
from kept.web.database import database
from kept.web.standing.logs import CONFIG

ENVIRONMENT = environment.read()
HERE = Path(__file__).parent
BUILT = HERE / "built"

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.hosts
ROOT_URLCONF = "kept.web.urls"
WSGI_APPLICATION = "kept.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(ENVIRONMENT.database_url, ENVIRONMENT.home)}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "kept.web.people",
    "kept.web.consulted",
    "kept.web.contacts",
    "kept.web.standing",
    "kept.web.worklist",
    "kept.web.day",
    "kept.web.case",
    "kept.web.entered",
    "kept.web.charge",
    "kept.web.figures",
    "kept.web.rights",
    "kept.web.jobs",
    "kept.web.data",
    "kept.web.api",
]

MIDDLEWARE = [
    "kept.web.standing.requests.Requests",
    "django.middleware.gzip.GZipMiddleware",  # it pads each answer, so that lengths give no secret of a form away
    "kept.web.headers.Headers",
    "kept.web.api.answering.Answering",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kept.web.encodings.Utf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kept.web.languages.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kept.web.people.sessions.Sessions",
    "kept.web.access.Guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kept.web.templating.environment",
            "context_processors": ["kept.web.templating.of_the_request"],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"

SESSION_COOKIE_AGE = int(ENVIRONMENT.longest.total_seconds()) + 86_400  # so that who it was is known when it ends
SESSION_COOKIE_NAME = "kept_session"
SESSION_COOKIE_SAMESITE = "Lax"  # a provider of sign-in sends people back from another site
CSRF_COOKIE_NAME = "kept_form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "kept.web.errors.stale_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^metrics$"]  # asked for on this machine
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_TEMP_DIR = ENVIRONMENT.home  # which nobody else can read
FILE_UPLOAD_HANDLERS = [
    "kept.web.data.upload.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LANGUAGE_COOKIE_NAME = "kept_language"
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
LOCALE_PATHS = [BUILT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = BUILT / "static"
STATICFILES_DIRS = [BUILT / "collected"] if (BUILT / "collected").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "kept.web.templating.Assets"},
}

LOGGING = CONFIG
