"""Addresses of announcements."""

from typing import Final

from django.urls import path

from agents.announcements import views

URLS: Final = [
    path("thong-bao/", views.announcement_list, name="announcements"),
    path("thong-bao/moi/", views.publish, name="announce"),
    path("thong-bao/<uuid:announcement_id>/", views.announcement, name="announcement"),
    path("thong-bao/<uuid:announcement_id>/da-doc/", views.read, name="announcement-read"),
    path("thong-bao/<uuid:announcement_id>/rut/", views.withdraw, name="announcement-withdraw"),
]
