from django.urls import path

from trienkhai.plans import views

app_name = "plans"
urlpatterns = [
    path("rollouts/<uuid:key>/plans/", views.index, name="index"),
    path("rollouts/<uuid:key>/plans/enter/", views.enter, name="enter"),
    path("rollouts/<uuid:key>/plans/<uuid:unit>/", views.of_unit, name="of_unit"),
    path("plans/<uuid:key>/", views.one, name="one"),
    path("plans/<uuid:key>/<int:number>/", views.version, name="version"),
    path("plans/<uuid:key>/revise/", views.revise, name="revise"),
    path("plans/<uuid:key>/edit/", views.edit, name="edit"),
    path("plans/<uuid:key>/measures/", views.measures, name="measures"),
    path("plans/<uuid:key>/adopt/", views.adopt, name="adopt"),
    path("plans/<uuid:key>/<int:number>/adoption/", views.correct, name="correct"),
    path("plans/<uuid:key>/<int:number>/take-back/", views.withdraw, name="withdraw"),
    path("plans/<uuid:key>/discard/", views.discard, name="discard"),
    path("plans/<uuid:key>/<int:number>/scan/", views.scan, name="scan"),
    path("plans/<uuid:key>/<int:number>/document/", views.document, name="document"),
]
