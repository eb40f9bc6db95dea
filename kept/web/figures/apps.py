"""The app of dashboards."""

from django.apps import AppConfig


class Figures(AppConfig):
    name = "kept.web.figures"
    label = "figures"
