"""Django's settings."""

from __future__ import annotations

from pathlib import Path

from fiel.platform.folders import secret_key
from fiel.platform.settings.database import django_database, known_database_url

_PACKAGE = Path(__file__).resolve().parents[2]

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.postgres",
    "fiel.programs",
    "fiel.members",
    "fiel.ledger",
    "fiel.staff",
    "fiel.rewards",
    "fiel.connect",
]
DATABASES = {"default": django_database(known_database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English"), ("pt", "Português")]
LOCALE_PATHS = [_PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
            ]
        },
    }
]
ROOT_URLCONF = "fiel.web.urls"
STATIC_URL = "static/"
