"""Routes of the page kit."""

from django.conf import settings
from django.urls import URLPattern, path

from trienkhai.core import gallery, views

urlpatterns: list[URLPattern] = [
    path("preferences/", views.preferences, name="preferences"),
]
gallery_patterns: list[URLPattern] = [
    path("kit/", gallery.show, name="gallery"),
    path("kit/<slug:part>/", gallery.show, name="gallery_part"),
]
if settings.DEBUG:
    urlpatterns += gallery_patterns
