"""The addresses of my day and the team's."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
