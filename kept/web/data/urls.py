"""The addresses of loads, quarantine, coverage and runs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
