"""Addresses of which one forgot its rule."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kept.web import urls


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


urlpatterns = [*urls.urlpatterns, path("forgotten", forgotten)]
handler404 = urls.handler404
