"""The addresses of the twelve rights."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
