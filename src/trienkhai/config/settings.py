"""Settings: complete defaults for one machine; what differs comes from the environment or the data folder."""

import os

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from trienkhai.config.data_folder import DataFolder
from trienkhai.config.database import database_from

DATA = DataFolder.from_environment()
DEBUG = os.environ.get("TRIENKHAI_DEBUG") == "1"
SECRET_KEY = DATA.secret("secret-key")
ALLOWED_HOSTS = os.environ.get("TRIENKHAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("TRIENKHAI_HTTPS") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks_db",
    "trienkhai.core",
    "trienkhai.ledger",
    "trienkhai.accounts",
    "trienkhai.files",
    "trienkhai.imports",
    "trienkhai.figures",
    "trienkhai.organisation",
    "trienkhai.sealed",
    "trienkhai.directives",
    "trienkhai.programmes",
    "trienkhai.rollouts",
    "trienkhai.plans",
    "trienkhai.meetings",
    "trienkhai.papers",
    "trienkhai.comments",
    "trienkhai.progress",
    "trienkhai.simulation",
    "trienkhai.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "trienkhai.core.middleware.StrangerMiddleware",
    "trienkhai.core.middleware.PrivacyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "trienkhai.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "trienkhai.core.middleware.RefusalMiddleware",
    "trienkhai.organisation.middleware.ActorMiddleware",
]

ROOT_URLCONF = "trienkhai.config.urls"
WSGI_APPLICATION = "trienkhai.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "trienkhai.core.context.site",
            ],
            "builtins": ["trienkhai.core.templatetags.kit"],
        },
    },
]

FORM_RENDERER = "trienkhai.core.rendering.Renderer"

DATABASES = {"default": database_from(os.environ.get("TRIENKHAI_DATABASE", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "trienkhai.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # whose tries are counted together: not everybody behind the proxy

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "trienkhai.accounts.views.form_grown_old"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 182 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TRIENKHAI_TIME_ZONE", "Asia/Ho_Chi_Minh")
FORMAT_MODULE_PATH = ["trienkhai.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA.static
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "trienkhai.core.storage.HashedStaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

SILENCED_SYSTEM_CHECKS: list[str] = []
TRIENKHAI_FILES = DATA.files
TRIENKHAI_RULES = DATA.rules
TRIENKHAI_CALLS = DATA.calls
TRIENKHAI_QUICK_PASSPHRASES = False  # tests alone set it
TRIENKHAI_DATA_FOLDER = DATA.root
TRIENKHAI_START_CODE = DATA.secret("start-code")[:8].lower()
