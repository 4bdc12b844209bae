"""Django's settings."""

from __future__ import annotations

from pathlib import Path

from django.utils.csp import CSP

from fiel.platform.folders import secret_key
from fiel.platform.settings.database import django_database, known_database_url
from fiel.platform.settings.mail import mail_is_set_up, mailers, sender
from fiel.platform.settings.outside import cookies_are_secure, public_url, trusted_origins

_PACKAGE = Path(__file__).resolve().parents[2]

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.forms",
    "fiel.programs",
    "fiel.members",
    "fiel.ledger",
    "fiel.staff",
    "fiel.rewards",
    "fiel.connect",
    "fiel.web.ui",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
DATABASES = {
    "default": django_database(known_database_url(), engine="fiel.platform.django_database")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Attempts to sign in are counted for all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English"), ("pt", "Português")]
LOCALE_PATHS = [_PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "fiel.web.ui.characters.refuse_what_no_text_has",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fiel.web.ui.language.speak_the_language_of_the_page",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "fiel.web.ui.context.of_every_page",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "fiel.web.urls"
STATIC_URL = "static/"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# What goes wrong is said where the server's other words go; Django would send it by mail to nobody.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # Pages that are not there are their askers' fault.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}

# Who signs in, and how.
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "fiel.web.accounts.adapters.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "fiel.web.accounts.forms.SignInForm",
    "reauthenticate": "fiel.web.accounts.forms.ReauthenticateForm",
    "reset_password": "fiel.web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "fiel.web.accounts.forms.NewPasswordForm",
    "change_password": "fiel.web.accounts.forms.ChangePasswordForm",
    "set_password": "fiel.web.accounts.forms.SetPasswordForm",
    "add_email": "fiel.web.accounts.forms.ChangeEmailForm",
}
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
MFA_ADAPTER = "fiel.web.accounts.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "fiel.web.accounts.forms.SecondFactorForm",
    "reauthenticate": "fiel.web.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "fiel.web.accounts.forms.ActivateAppForm",
    "add_webauthn": "fiel.web.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "fiel.web.accounts.forms.RenamePasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Fiel"
USERSESSIONS_TRACK_ACTIVITY = False

# Letters, and the address that links in them lead to.
MAILERS = mailers()
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender()
MAIL_IS_SET_UP = mail_is_set_up()
PUBLIC_URL = public_url()

# What a page may load and do: its own files, no script inside it, and nobody may frame it.
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    # Charts and progress bars set sizes on elements; a style cannot run anything.
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "worker-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = cookies_are_secure()
CSRF_TRUSTED_ORIGINS = trusted_origins()
SECURE_HSTS_SECONDS = 30 * 24 * 60 * 60 if cookies_are_secure() else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if cookies_are_secure() else None
