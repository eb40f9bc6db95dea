"""The app of the worklist."""

from django.apps import AppConfig


class Worklist(AppConfig):
    name = "kept.web.worklist"
    label = "worklist"
