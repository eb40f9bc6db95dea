"""The app of a case."""

from django.apps import AppConfig


class Case(AppConfig):
    name = "kept.web.case"
    label = "case"
