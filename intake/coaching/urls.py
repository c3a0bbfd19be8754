"""Addresses of coaching."""

from typing import Final

from django.urls import path

from intake.coaching import views

URLS: Final = [
    path("quay/huong-dan/", views.sessions, name="coaching"),
    path("quay/nguoi-dan/<uuid:citizen_id>/huong-dan/", views.record, name="coach"),
    path("quay/huong-dan/<uuid:session_id>/loi-ke/", views.answer, name="coaching-answer"),
    path("quay/huong-dan/<uuid:session_id>/gach/", views.strike, name="coaching-strike"),
    path("huong-dan-tu-nop/", views.results, name="coaching-results"),
]
