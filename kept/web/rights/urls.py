"""The addresses of the twelve rights."""

from django.urls import URLPattern, path

from kept.web.rights import cells, views

urlpatterns: list[URLPattern] = [
    path("rights", views.rights, name="rights"),
    path("rights/released.zip", cells.download, name="rights-released"),
    path("rights/charts/<slug:name>.svg", views.chart, name="rights-chart"),
    path("rights/<int:number>", views.right, name="right"),
    path("rights/<int:number>/gap", views.gap, name="right-gap"),
    path("rights/<int:number>/groups", views.groups, name="right-groups"),
    path("rights/<int:number>/charts/<slug:name>.svg", views.chart, name="right-chart"),
    path("rights/<int:number>/duties/<str:edition>/<str:duty>", views.duty, name="right-duty"),
]
