"""The app of my day and the team's."""

from django.apps import AppConfig


class Day(AppConfig):
    name = "kept.web.day"
    label = "day"
