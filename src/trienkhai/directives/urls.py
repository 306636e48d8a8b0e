from django.urls import path

from trienkhai.directives import views

app_name = "directives"
urlpatterns = [
    path("directives/", views.index, name="index"),
    path("directives/new/", views.create, name="create"),
    path("directives/<uuid:key>/", views.one, name="one"),
    path("directives/<uuid:key>/edit/", views.edit, name="edit"),
    path("directives/<uuid:key>/remove/", views.remove, name="remove"),
    path("directives/<uuid:key>/provisions/", views.provisions, name="provisions"),
    path("directives/<uuid:key>/files/", views.add_file, name="add_file"),
    path("directives/<uuid:key>/files/<uuid:file>/", views.download_file, name="file"),
    path("directives/<uuid:key>/files/<uuid:file>/remove/", views.remove_file, name="remove_file"),
    path("directives/<uuid:key>/relations/", views.relate, name="relate"),
    path("directives/<uuid:key>/relations/<uuid:relation>/remove/", views.unrelate, name="unrelate"),
]
