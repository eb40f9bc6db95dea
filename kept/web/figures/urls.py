"""The addresses of figures. The id of a measure may hold slashes, so what follows it comes first."""

from django.urls import URLPattern, path

from kept.web.figures import behind, board, saved, views

urlpatterns: list[URLPattern] = [
    path("figures", views.catalogue, name="figures"),
    path("figures/board", board.board, name="board"),
    path("figures/views", saved.views, name="views"),
    path("figures/views/<int:pk>", saved.view, name="view"),
    path("figures/views/<int:pk>/open", saved.open_view, name="view-open"),
    path("figures/views/<int:pk>/delete", saved.delete, name="view-delete"),
    path("figures/<path:measure>/save", saved.save, name="view-save"),
    path("figures/<path:measure>/cases", behind.behind, name="figure-cases"),
    path("figures/<path:measure>/chart/<slug:width>", views.chart, name="figure-chart"),
    path("figures/<path:measure>/copy/<slug:form>", views.copy, name="figure-copy"),
    path("figures/<path:measure>", views.figure, name="figure"),
]
