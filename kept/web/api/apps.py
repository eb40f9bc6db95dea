"""The app of the API."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "kept.web.api"
    label = "api"
