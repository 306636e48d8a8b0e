from django.urls import path

from trienkhai.progress.views import definitions, facts, process, reports, rollout

app_name = "progress"
urlpatterns = [
    path("rollouts/<uuid:key>/", rollout.rollout_page, name="rollout"),
    path("rollouts/<uuid:key>/figures/<slug:code>/", facts.facts, name="facts"),
    path("rollouts/<uuid:key>/report/", reports.create, name="create_report"),
    path("rollouts/<uuid:key>/process/", process.process, name="process"),
    path("figures/", definitions.definitions, name="definitions"),
    path("reports/", reports.index, name="reports"),
    path("reports/<uuid:key>/", reports.one, name="report"),
    path("reports/<uuid:key>/edit/", reports.edit, name="edit_report"),
    path("reports/<uuid:key>/preview/", reports.preview, name="preview_report"),
    path("reports/<uuid:key>/freeze/", reports.freeze, name="freeze_report"),
    path("reports/<uuid:key>/scan/", reports.attach, name="attach_scan"),
    path("reports/<uuid:key>/scan/<uuid:scan>/", reports.scan, name="scan"),
    path("reports/<uuid:key>/<slug:name>.docx", reports.docx, name="docx"),
    path("reports/<uuid:key>/<slug:name>.pdf", reports.pdf, name="pdf"),
]
