from django.urls import path

from trienkhai.web.views import home, start

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("start/", start.start, name="start"),
    path("start/sheet/", start.sheet, name="sheet"),
]
