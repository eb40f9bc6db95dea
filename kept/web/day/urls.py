"""The addresses of my day and the team's."""

from django.urls import path

from kept.web.day import views

urlpatterns = [
    path("day", views.day, name="day"),
]
