"""The app of consulted."""

from django.apps import AppConfig


class Consulted(AppConfig):
    name = "kept.web.consulted"
    label = "consulted"
