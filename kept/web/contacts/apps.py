"""The app of contacts."""

from django.apps import AppConfig


class Contacts(AppConfig):
    name = "kept.web.contacts"
    label = "contacts"
