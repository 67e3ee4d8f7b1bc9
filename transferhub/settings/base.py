"""What every situation shares."""

from csp.constants import NONE, SELF

from transferhub.settings.accounts import *  # noqa: F403
from transferhub.settings.accounts import ACCOUNT_APPS, CODES_CACHE, OIDC_ORIGINS
from transferhub.settings.environment import (
    BASE_DIR as BASE_DIR,
)
from transferhub.settings.environment import (
    env,
    read_data_dir,
    read_database,
    read_elasticsearch_url,
    read_email,
    read_mail_from,
    read_mail_per_minute,
    read_switch,
)

DATA_DIR = read_data_dir()

INSTALLED_APPS = [
    "transferhub",
    "editing",
    "home",
    "feeds",
    "search",
    "practices",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "editing.accounts_app.AccountsConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_tasks",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    *ACCOUNT_APPS,
]

MIDDLEWARE = [
    "transferhub.middleware.SecretLinkMiddleware",
    "transferhub.middleware.PrivateAnswersMiddleware",
    "limits.middleware.LimitMiddleware",
    "transferhub.middleware.GuessedAddressesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "transferhub.page_cache.PageCacheMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "transferhub.middleware.PolicyByAreaMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "editing.second_factor.SecondFactorMiddleware",
    "editing.closed_doors.ClosedDoorsMiddleware",
    "editing.page_titles.PageTitlesMiddleware",
    "practices.incomplete_forms.IncompleteFormsMiddleware",
    "transferhub.redirects.OpenRedirectMiddleware",
]

ROOT_URLCONF = "transferhub.urls"
WSGI_APPLICATION = "transferhub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES = {"default": read_database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Without EMAIL_URL mails are kept in a folder, where they can be read (see feeds.local_mail).
vars().update(read_email())
MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_mail_from()
MAIL_PER_MINUTE = read_mail_per_minute()

CACHES = {
    "default": CODES_CACHE,
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "renditions"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/medien/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Without these, Django lets every user of the machine read what is uploaded.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Public pages carry the strict policy; the admin and its previews need inline scripts and frames of their own.
PUBLIC_CSP = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "media-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF, *OIDC_ORIGINS],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
ADMIN_CSP = {
    **PUBLIC_CSP,
    "default-src": [SELF],
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True

WAGTAIL_SITE_NAME = "TransferHub"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# As people here write a date, and as forms show it again; whatever else was typed, the picker would take for today.
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
# Nothing that is typed here makes the server fetch something elsewhere.
WAGTAILEMBEDS_FINDERS: list = []
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
# Whether the links of pages to other sites are tried; of no use where the server can not reach the web.
CHECK_LINKS = read_switch("CHECK_LINKS", default=True)
# Who wrote the newest text of a page does not approve it in a review.
REVIEW_FOUR_EYES = read_switch("REVIEW_FOUR_EYES", default=True)
WAGTAILIMAGES_IMAGE_MODEL = "practices.CreditedImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "practices.media_forms.CreditedImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "heif", "jpg", "jpeg", "png", "svg", "tif", "tiff", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "practices.CreditedDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "practices.media_forms.CreditedDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# What is taken, and as what it is served; all else is served as bytes without meaning.
WAGTAILDOCS_CONTENT_TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
WAGTAILDOCS_EXTENSIONS = list(WAGTAILDOCS_CONTENT_TYPES)
WAGTAILMEDIA = {
    "MEDIA_MODEL": "practices.CreditedMedia",
    "MEDIA_FORM_BASE": "practices.media_forms.CreditedMediaForm",
    "VIDEO_EXTENSIONS": ["mp4", "mov", "webm"],
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg", "webm"],
}
# Passwords shared by many readers would be stored as plain text: pages and collections are restricted by group or login.
# Wagtail would ask back by the title of a draft where the address of a page has more behind it; such a link stays as it is.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "exact"
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
# The public search: an index in a folder, or an Elasticsearch server where one is named.
INDEX_DIR = DATA_DIR / "index"
ELASTICSEARCH_URL = read_elasticsearch_url()
ELASTICSEARCH_PREFIX = env.str("ELASTICSEARCH_PREFIX", default="transferhub")
ELASTICSEARCH_OPTIONS: dict = env.json("ELASTICSEARCH_OPTIONS", default={})
# Wagtail's own search serves the admin.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True
