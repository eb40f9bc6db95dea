"""The addresses of the check at charge."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
