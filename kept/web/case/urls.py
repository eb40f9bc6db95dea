"""The addresses of a case."""

from django.urls import URLPattern, path

from kept.web.case import assessing, logging, opening, saying, statement, views

urlpatterns: list[URLPattern] = [
    path("cases", opening.open_case, name="open-case"),
    path("cases/<str:investigation>", views.case, name="case"),
    path("cases/<str:investigation>/obligations/<str:key>", views.obligation, name="obligation"),
    path("cases/<str:investigation>/obligations/<str:key>/wrong", saying.dispute, name="dispute"),
    path("cases/<str:investigation>/victims/<str:victim>/log", logging.log, name="log-contact"),
    path("cases/<str:investigation>/victims/<str:victim>/needs", assessing.assessment, name="needs"),
    path("cases/<str:investigation>/victims/<str:victim>/statement", statement.statement, name="statement"),
    path("cases/<str:investigation>/logged/back", logging.take_back, name="take-back"),
    path("queue", saying.queue, name="queue"),
    path("queue/<uuid:dispute>", saying.queued, name="queued"),
]
