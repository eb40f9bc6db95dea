"""The addresses of loads, quarantine, coverage and runs."""

from django.urls import URLPattern, path

from kept.web.data import aside_views, asking, covered, evaluations, loads

urlpatterns: list[URLPattern] = [
    path("data", loads.loads, name="data"),
    path("data/progress", loads.progress, name="data-progress"),
    path("data/loads/<int:number>", loads.load, name="data-load"),
    path("data/jobs/<int:number>", loads.job, name="data-job"),
    path("data/jobs/<int:number>/again", asking.again, name="data-again"),
    path("data/send", asking.send, name="data-send"),
    path("data/point", asking.point, name="data-point"),
    path("data/evaluate", asking.evaluate, name="data-evaluate"),
    path("data/set-aside", aside_views.reasons, name="data-set-aside"),
    path("data/set-aside/rows", aside_views.rows, name="data-set-aside-rows"),
    path("data/set-aside/rows.csv", aside_views.download, name="data-set-aside-csv"),
    path("data/coverage", covered.coverage_page, name="data-coverage"),
    path("data/evaluations", evaluations.runs_page, name="data-runs"),
    path("data/evaluations/compared", evaluations.compared, name="data-runs-compared"),
    path("data/editions", evaluations.editions, name="data-editions"),
]
