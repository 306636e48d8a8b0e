from django.urls import path

from trienkhai.plans import views
from trienkhai.plans.views import indicators, tasks

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
    path("tasks/", tasks.index, name="all_tasks"),
    path("plans/<uuid:key>/tasks/", tasks.of_plan, name="tasks"),
    path("plans/<uuid:key>/tasks/give/", tasks.give, name="task_give"),
    path("tasks/<uuid:key>/", tasks.one, name="task"),
    path("tasks/<uuid:key>/report/", tasks.report, name="task_report"),
    path("tasks/<uuid:key>/report/take-back/", tasks.take_back, name="task_take_back"),
    path("tasks/<uuid:key>/change/", tasks.change, name="task_change"),
    path("tasks/<uuid:key>/withdraw/", tasks.withdraw, name="task_withdraw"),
    path("tasks/<uuid:key>/evidence/<uuid:file>/", tasks.evidence, name="evidence"),
    path("measures/<uuid:key>/values/", indicators.values, name="values"),
    path("measures/<uuid:key>/values/summable/", indicators.summable, name="summable"),
    path("measures/<uuid:key>/values/<uuid:value>/take-back/", indicators.withdraw, name="value_take_back"),
]
