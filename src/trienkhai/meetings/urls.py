from django.urls import path

from trienkhai.meetings.views import keeping, lists, one, planning, roll, sheets

app_name = "meetings"
urlpatterns = [
    path("rollouts/<uuid:key>/meetings/", lists.of_rollout, name="of_rollout"),
    path("rollouts/<uuid:key>/meetings/new/", planning.plan, name="plan"),
    path("rollouts/<uuid:key>/not-studied/", lists.missing, name="missing"),
    path("meetings/<uuid:key>/", one.one, name="one"),
    path("meetings/<uuid:key>/change/", planning.change, name="change"),
    path("meetings/<uuid:key>/cancel/", planning.cancel, name="cancel"),
    path("meetings/<uuid:key>/restore/", planning.restore, name="restore"),
    path("meetings/<uuid:key>/held/", planning.hold, name="hold"),
    path("meetings/<uuid:key>/make-up/", planning.make_up, name="make_up"),
    path("meetings/<uuid:key>/roll/", roll.call, name="roll"),
    path("meetings/<uuid:key>/roster/draw/", roll.draw, name="draw"),
    path("meetings/<uuid:key>/roster/add/", roll.add, name="add"),
    path("meetings/<uuid:key>/roster/guest/", roll.guest, name="guest"),
    path("meetings/<uuid:key>/roster/<uuid:place>/remove/", roll.remove, name="remove"),
    path("meetings/<uuid:key>/notes/", keeping.notes, name="notes"),
    path("meetings/<uuid:key>/materials/", keeping.add_material, name="add_material"),
    path("meetings/<uuid:key>/materials/<uuid:material>/", keeping.material, name="material"),
    path("meetings/<uuid:key>/materials/<uuid:material>/remove/", keeping.remove_material, name="remove_material"),
    path("meetings/<uuid:key>/sheet/", sheets.sheet, name="sheet"),
    path("meetings/<uuid:key>/sheet.docx", sheets.docx, name="docx"),
    path("meetings/<uuid:key>/sheet.xlsx", sheets.xlsx, name="xlsx"),
]
