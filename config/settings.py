"""All settings, read from the environment by typed readers that stop the start on nonsense.

| variable             | meaning                                                            | default            |
|----------------------|--------------------------------------------------------------------|--------------------|
| VECHE_DATA           | folder of the embedded database, uploads and the secret key        | ./var              |
| DATABASE_URL         | a PostgreSQL server of your own (15 or newer)                      | the embedded one   |
| VECHE_URL            | the address people type, for links in letters and for passkeys     | http://HOST:PORT   |
| VECHE_ALLOWED_HOSTS  | host names, by comma                                               | localhost          |
| VECHE_DEBUG          | 1: tracebacks in the browser; never on a server                    | 0                  |
| VECHE_TIME_ZONE      | IANA name                                                          | Europe/Moscow      |
| VECHE_CITY_CODE      | telephone code of your city, for numbers written without one       | none               |
| VECHE_IMPORT_FOLDER  | a folder whose spreadsheets are imported by themselves             | none               |
| VECHE_IMPORT_AS      | e-mail of the user who imports them                                | none               |
| VECHE_IMPORT_POLICY  | create_only, fill_empty, update or skip, for people already known  | as remembered      |
| VECHE_IMPORT_CAMPAIGN| name of the campaign that everybody in them joins                  | as remembered      |
| VECHE_GEOCODER       | a Nominatim server that is asked where houses stand                | none: nobody       |
| VECHE_DEDUPE_ENGINE  | duckdb or spark: what a search for doubles works on                | duckdb             |
| VECHE_SPARK_MASTER   | address of a Spark cluster, for a base that outgrows one machine   | this machine       |
| VECHE_GEOCODER_PER_SECOND | how many questions a second it allows                         | 1                  |
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE
from django.utils.translation import gettext_lazy as _

from config.environment import (
    database,
    flag,
    folder,
    names,
    needed,
    one_of,
    secret_key,
    text,
    time_zone,
    url,
    whole,
)
from config.running import places
from veche.ui import vendor

ROOT = Path(__file__).resolve().parent.parent
DATA = places.data_dir()

DEBUG = flag("VECHE_DEBUG", False)
SECRET_KEY = secret_key(DATA)
VECHE_URL = url("VECHE_URL", f"http://{text('HOST', '127.0.0.1')}:{text('PORT', '8000')}")
ALLOWED_HOSTS = names(
    "VECHE_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", urlsplit(VECHE_URL).hostname or ""]
)
CSRF_TRUSTED_ORIGINS = [VECHE_URL]
VECHE_LIVE = flag("VECHE_LIVE", False)  # set by the web server that passes /live/ on
VECHE_CITY_CODE = text("VECHE_CITY_CODE", "")
VECHE_IMPORT_FOLDER = folder("VECHE_IMPORT_FOLDER")
VECHE_IMPORT_AS = text("VECHE_IMPORT_AS", "") if not VECHE_IMPORT_FOLDER else needed("VECHE_IMPORT_AS")
VECHE_IMPORT_POLICY = one_of("VECHE_IMPORT_POLICY", ("create_only", "fill_empty", "update", "skip"))
VECHE_IMPORT_CAMPAIGN = text("VECHE_IMPORT_CAMPAIGN", "")
VECHE_GEOCODER = (
    url("VECHE_GEOCODER", "") if text("VECHE_GEOCODER", "") else ""
)  # off: nothing leaves the server
VECHE_DEDUPE_ENGINE = one_of("VECHE_DEDUPE_ENGINE", ("duckdb", "spark"))
VECHE_SPARK_MASTER = text("VECHE_SPARK_MASTER", "")
VECHE_GEOCODER_PER_SECOND = whole("VECHE_GEOCODER_PER_SECOND", 1, most=1000)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "csp",
    "veche.core",
    "veche.ui",
    "veche.accounts",
    "veche.addresses",
    "veche.campaigns",
    "veche.contacts",
    "veche.exchange",
    "veche.dedupe",
    "veche.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files, compressed when they were collected
    "veche.ui.middleware.TextCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "veche.accounts.middleware.ActorMiddleware",  # request.actor, and nobody in without signing in
    "veche.ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": [
                "veche.ui.templatetags.ui",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

EMBEDDED = {"host": str(places.socket_dir(DATA)), "user": "postgres", "dbname": "veche"}
DATABASES = {"default": database("DATABASE_URL", embedded=EMBEDDED)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Throttling needs one count for all processes; the database is the one thing that they share.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail addresses are unique without regard to case, by a constraint
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

ACCOUNT_ADAPTER = "veche.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator gives the address, and no letter leaves the server
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "veche.accounts.forms.sign_in.SignInForm",
    "change_password": "veche.accounts.forms.sign_in.PasswordChangeForm",
    "set_password": "veche.accounts.forms.sign_in.PasswordSetForm",
    "reauthenticate": "veche.accounts.forms.sign_in.PasswordConfirmForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# A headquarters sits behind one address; one account is guarded by a growing pause of our own besides.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,10/5m/key"}
MFA_ADAPTER = "veche.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "veche.accounts.forms.sign_in.CodeForm",
    "reauthenticate": "veche.accounts.forms.sign_in.CodeConfirmForm",
    "activate_totp": "veche.accounts.forms.sign_in.TotpForm",
    "add_webauthn": "veche.accounts.forms.sign_in.PasskeyForm",
    "login_webauthn": "veche.accounts.forms.sign_in.PasskeySignInForm",
    "authenticate_webauthn": "veche.accounts.forms.sign_in.PasskeySecondForm",
    "reauthenticate_webauthn": "veche.accounts.forms.sign_in.PasskeyConfirmForm",
    "edit_webauthn": "veche.accounts.forms.sign_in.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Veche"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: phones' clocks go wrong
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not VECHE_URL.startswith(
    "https://"
)  # browsers allow it on localhost only

SESSION_COOKIE_AGE = 14 * 24 * 3600  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = VECHE_URL.startswith("https://")
CSRF_FAILURE_VIEW = "veche.ui.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = time_zone("VECHE_TIME_ZONE", "Europe/Moscow")
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = vendor.static_dirs(ROOT)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

PROCRASTINATE_IMPORT_PATHS = ["veche.core.background", "config.schedule"]
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # no request leaves the server until a gateway is on
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": text("VECHE_LOG", "WARNING")},
}
