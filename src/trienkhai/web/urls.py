from django.urls import path

from trienkhai.web.views import (
    home,
    importing,
    organisation_changes,
    organisation_people,
    organisation_units,
    start,
)

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("start/", start.start, name="start"),
    path("start/sheet/", start.sheet, name="sheet"),
    path("import/", importing.drop, name="import"),
    path("import/<uuid:key>/", importing.one, name="import_one"),
    path("import/<uuid:key>/columns/", importing.columns, name="import_columns"),
    path("import/<uuid:key>/units/", importing.units, name="import_units"),
    path("import/<uuid:key>/people/", importing.people, name="import_people"),
    path("import/<uuid:key>/people/alike/", importing.people_alike, name="import_people_alike"),
    path("import/<uuid:key>/people/later/", importing.people_later, name="import_people_later"),
    path("import/<uuid:key>/check/", importing.check, name="import_check"),
    path("import/<uuid:key>/wait/", importing.wait, name="import_wait"),
    path("import/<uuid:key>/rejected.xlsx", importing.rejected, name="import_rejected"),
    path("import/<uuid:key>/discard/", importing.discard, name="import_discard"),
    path("organisation/open/", organisation_units.open_top, name="unit_open_top"),
    path("organisation/undo/", organisation_changes.undo, name="undo"),
    path("units/<uuid:key>/open/", organisation_units.open_below, name="unit_open"),
    path("units/<uuid:key>/rename/", organisation_units.rename, name="unit_rename"),
    path("units/<uuid:key>/correct/", organisation_units.correct, name="unit_correct"),
    path("units/<uuid:key>/kind/", organisation_units.kind, name="unit_kind"),
    path("units/<uuid:key>/move/", organisation_units.move, name="unit_move"),
    path("units/<uuid:key>/close/", organisation_units.close, name="unit_close"),
    path("units/<uuid:key>/merge/", organisation_units.merge, name="unit_merge"),
    path("units/<uuid:key>/split/", organisation_units.split, name="unit_split"),
    path("units/<uuid:key>/body/", organisation_units.body, name="unit_body"),
    path("units/<uuid:key>/body/<uuid:body_key>/end/", organisation_units.end_body, name="unit_body_end"),
    path("units/<uuid:key>/people/new/", organisation_people.add, name="person_new"),
    path("people/<uuid:key>/change/", organisation_people.choose, name="person_change"),
    path("people/<uuid:key>/change/<slug:what>/", organisation_people.change, name="person_changed"),
    path("people/<uuid:key>/posts/<uuid:post_key>/", organisation_people.end_post, name="post_end"),
]
