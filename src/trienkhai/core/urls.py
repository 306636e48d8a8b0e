"""Routes of the page kit."""

from django.conf import settings
from django.urls import path
from django.views.i18n import set_language

from trienkhai.core import views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("language/", set_language, name="set_language"),
]
