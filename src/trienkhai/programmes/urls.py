from django.urls import path

from trienkhai.programmes import views

app_name = "programmes"
urlpatterns = [
    path("programmes/", views.index, name="index"),
    path("programmes/new/", views.create, name="create"),
    path("programmes/<uuid:key>/", views.one, name="one"),
    path("programmes/<uuid:key>/edit/", views.edit, name="edit"),
    path("programmes/<uuid:key>/remove/", views.remove, name="remove"),
]
