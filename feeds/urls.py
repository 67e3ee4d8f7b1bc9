"""Addresses of feeds and subscriptions."""

from django.urls import path

from feeds import feed_views, local_mail, management_views, subscription_views
from feeds.secret_links import CONFIRM, LEAVE, MANAGE

urlpatterns = [
    path("suche/feed.atom", feed_views.atom, name="feed_atom"),
    path("suche/feed.json", feed_views.json_feed, name="feed_json"),
    path("abo/", subscription_views.subscribe, name="subscribe"),
    path("abo/angefragt/", subscription_views.requested, name="subscription_requested"),
    path("abo/link/", subscription_views.link, name="subscription_link"),
    path(f"{CONFIRM.under}<str:token>/", subscription_views.confirm, name="subscription_confirm"),
    path(f"{LEAVE.under}<str:token>/", subscription_views.leave, name="subscription_leave"),
    path(f"{MANAGE.under}<str:token>/", management_views.manage, name="subscription_manage"),
    path(f"{MANAGE.under}<str:token>/daten.json", management_views.export, name="subscription_export"),
    path(f"{MANAGE.under}<str:token>/<slug:action>/", management_views.change, name="subscription_change"),
    path("abo/postausgang/", local_mail.outbox, name="outbox"),
    path("abo/postausgang/<slug:name>/", local_mail.outbox_mail, name="outbox_mail"),
    path("abo/postausgang/<slug:name>/html/", local_mail.outbox_html, name="outbox_html"),
]
