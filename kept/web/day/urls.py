"""The addresses of my day, the team and what a supervisor does in a case."""

from django.urls import path

from kept.web.day import reassigning, reviewing, team, views

urlpatterns = [
    path("day", views.day, name="day"),
    path("team", team.team, name="team"),
    path("team/re-assign.csv", reassigning.notes_csv, name="notes-file"),
    path("cases/<str:investigation>/re-assign", reassigning.reassign, name="reassign"),
    path("cases/<str:investigation>/re-assign/<uuid:written>/take-back", reassigning.take_back, name="take-back"),
    path("cases/<str:investigation>/review", reviewing.review, name="review"),
]
