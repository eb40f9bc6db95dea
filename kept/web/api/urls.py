"""The addresses of the API."""

from django.urls import path

from kept.web.api import charging, events, loads, measures, obligations, views  # noqa: F401  read in: operations
from kept.web.api.operations import PREFIX, urls

urlpatterns = [
    *urls(),
    path(f"{PREFIX}/openapi.json", views.openapi, name="openapi"),
    path(f"{PREFIX}/docs", views.api_docs, name="api-docs"),
    path("people/tokens", views.service_tokens, name="service-tokens"),
    path("people/tokens/<int:pk>", views.change_token, name="change-token"),
]
