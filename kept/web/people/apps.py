"""The app of people."""

from django.apps import AppConfig


class People(AppConfig):
    name = "kept.web.people"
    label = "people"
