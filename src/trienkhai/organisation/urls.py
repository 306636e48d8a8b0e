from django.urls import path

from trienkhai.organisation.views import people, searching, trees, units, users

app_name = "organisation"
urlpatterns = [
    path("organisation/", trees.tree, name="tree"),
    path("organisation/search/", searching.search, name="search"),
    path("organisation/users/", users.index, name="users"),
    path("organisation/users/new/", users.new, name="user_new"),
    path("organisation/users/<uuid:key>/", users.user, name="user"),
    path("organisation/users/<uuid:key>/password/", users.new_password, name="user_password"),
    path("organisation/users/<uuid:key>/person/", users.link, name="user_person"),
    path("organisation/users/<uuid:key>/stop/", users.stop, name="user_stop"),
    path("organisation/users/<uuid:key>/resume/", users.resume, name="user_resume"),
    path("organisation/users/<uuid:key>/end/", users.end, name="user_end"),
    path("units/<uuid:key>/", units.unit, name="unit"),
    path("people/<uuid:key>/", people.person, name="person"),
]
