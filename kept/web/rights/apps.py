"""The app of the twelve rights."""

from django.apps import AppConfig


class Rights(AppConfig):
    name = "kept.web.rights"
    label = "rights"
