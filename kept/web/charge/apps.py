"""The app of the check at charge."""

from django.apps import AppConfig


class Charge(AppConfig):
    name = "kept.web.charge"
    label = "charge"
