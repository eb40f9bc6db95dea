"""The app of loads, quarantine, coverage and runs."""

from django.apps import AppConfig


class Data(AppConfig):
    name = "kept.web.data"
    label = "data"
