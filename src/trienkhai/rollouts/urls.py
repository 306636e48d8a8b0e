from django.urls import path

from trienkhai.rollouts import views

app_name = "rollouts"
urlpatterns = [
    path("rollouts/", views.index, name="index"),
    path("rollouts/new/", views.open_one, name="open"),
    path("rollouts/<uuid:key>/settings/", views.settings, name="settings"),
    path("rollouts/<uuid:key>/settings/<slug:step>/", views.deadline, name="deadline"),
    path("rollouts/<uuid:key>/close/", views.close, name="close"),
    path("rollouts/<uuid:key>/reopen/", views.reopen, name="reopen"),
    path("rollouts/<uuid:key>/receipts/", views.receipts, name="receipts"),
    path("rollouts/<uuid:key>/receipts/<uuid:unit>/withdraw/", views.withdraw, name="withdraw"),
    path("rollouts/<uuid:key>/declare/<uuid:unit>/", views.declare, name="declare"),
]
