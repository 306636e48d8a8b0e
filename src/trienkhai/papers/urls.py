from django.urls import path

from trienkhai.papers import views

app_name = "papers"
urlpatterns = [
    path("rollouts/<uuid:key>/papers/", views.index, name="index"),
    path("rollouts/<uuid:key>/papers/<uuid:unit>/", views.of_unit, name="of_unit"),
    path("rollouts/<uuid:key>/papers/<uuid:unit>/hand-in/", views.hand_in, name="hand_in"),
    path("rollouts/<uuid:key>/papers/<uuid:unit>/accepted/", views.note_accepted, name="note_accepted"),
    path("rollouts/<uuid:key>/papers/<uuid:unit>/take-back/", views.take_back, name="take_back"),
    path("rollouts/<uuid:key>/my-paper/", views.mine, name="mine"),
    path("rollouts/<uuid:key>/my-paper/keep/", views.keep, name="keep"),
    path("rollouts/<uuid:key>/my-paper/file/", views.submit_file, name="submit_file"),
    path("papers/<uuid:key>/", views.one, name="one"),
    path("papers/<uuid:key>/file/", views.download, name="download"),
    path("papers/<uuid:key>/return/", views.return_one, name="return"),
    path("papers/<uuid:key>/accept/", views.accept_one, name="accept"),
]
