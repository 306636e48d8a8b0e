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
    path("plans/<uuid:key>/<int:number>/changes/", views.changes, name="changes"),
    path("plans/<uuid:key>/below/", views.cascade, name="cascade"),
    path("plans/<uuid:key>/apply/", views.apply, name="apply"),
    path("plans/<uuid:key>/apply/above/", views.apply_upper, name="apply_upper"),
    path("plans/<uuid:key>/apply/in-full/", views.in_full, name="in_full"),
    path("plans/<uuid:key>/apply/<uuid:measure>/change/", views.change, name="change"),
    path("plans/<uuid:key>/apply/<uuid:measure>/leave-out/", views.leave_out, name="leave_out"),
    path("plans/<uuid:key>/apply/<uuid:measure>/as-it-is/", views.as_it_is, name="as_it_is"),
    path("plans/<uuid:key>/measures/", views.measures, name="measures"),
    path("plans/<uuid:key>/measures/new/", views.measure_new, name="measure_new"),
    path("plans/<uuid:key>/measures/<uuid:measure>/", views.measure, name="measure"),
    path("plans/<uuid:key>/measures/<uuid:measure>/edit/", views.measure_edit, name="measure_edit"),
    path("plans/<uuid:key>/measures/<uuid:measure>/remove/", views.measure_remove, name="measure_remove"),
    path("plans/<uuid:key>/adopt/", views.adopt, name="adopt"),
    path("plans/<uuid:key>/<int:number>/adoption/", views.correct, name="correct"),
    path("plans/<uuid:key>/<int:number>/take-back/", views.withdraw, name="withdraw"),
    path("plans/<uuid:key>/discard/", views.discard, name="discard"),
    path("plans/<uuid:key>/<int:number>/scan/", views.scan, name="scan"),
    path("plans/<uuid:key>/<int:number>/document/", views.document, name="document"),
]
