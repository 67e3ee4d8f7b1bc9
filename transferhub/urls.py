"""Every address of the site."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps import Sitemap
from wagtail.documents import urls as wagtaildocs_urls

from transferhub import views

urlpatterns = [
    # Before Wagtail's, whose ways to sign in and to choose pages they replace.
    path("", include("editing.sign_in.urls")),
    path("verwaltung/", include("editing.admin_urls")),
    path("verwaltung/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": Sitemap}}, name="sitemap"),
    path("", include("practices.urls")),
    path("", include("search.urls")),
    path("", include("feeds.urls")),
    path("", include("editing.urls")),
    path("", include(wagtail_urls)),
]

handler400 = "transferhub.views.bad_request"
handler403 = "transferhub.views.permission_denied"
handler404 = "transferhub.views.page_not_found"
handler500 = "transferhub.views.server_error"
