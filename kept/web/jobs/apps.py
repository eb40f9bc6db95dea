"""The app of work in the background."""

from django.apps import AppConfig


class Jobs(AppConfig):
    name = "kept.web.jobs"
    label = "jobs"
