"""The address of witness care's list."""

from django.urls import URLPattern, path

from kept.web.care import views

urlpatterns: list[URLPattern] = [path("witness-care", views.witness_care, name="witness-care")]
