"""The app of what is entered here."""

from django.apps import AppConfig


class Entered(AppConfig):
    name = "kept.web.entered"
    label = "entered"
