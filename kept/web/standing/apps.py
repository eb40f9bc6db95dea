"""The app of standing."""

from django.apps import AppConfig


class Standing(AppConfig):
    name = "kept.web.standing"
    label = "standing"
