"""The addresses of the check at charge."""

from django.urls import path

from kept.web.charge import views

urlpatterns = [
    path("cases/<str:investigation>/charge-check", views.charge_check, name="charge-check"),
    path("charges/seen", views.charges_seen, name="charges-seen"),
]
