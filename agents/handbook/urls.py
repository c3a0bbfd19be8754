"""Addresses of the handbook."""

from typing import Final

from django.urls import path

from agents.handbook import views

URLS: Final = [
    path("so-tay/", views.handbook, name="handbook"),
    path("so-tay/hoi/", views.ask, name="handbook-ask"),
    path("so-tay/viec/", views.work, name="handbook-work"),
    path("so-tay/can-cu-doi/", views.source_changed, name="handbook-source"),
    path("so-tay/moi/", views.propose, name="handbook-new"),
    path("so-tay/cau-hoi/<uuid:question_id>/", views.answer, name="handbook-answer"),
    path("so-tay/ban/<uuid:version_id>/", views.decide, name="handbook-decide"),
    path("so-tay/<uuid:entry_id>/", views.entry, name="handbook-entry"),
    path("so-tay/<uuid:entry_id>/sua/", views.propose, name="handbook-change"),
    path("so-tay/<uuid:entry_id>/binh-chon/", views.vote, name="handbook-vote"),
    path("so-tay/<uuid:entry_id>/con-dung/", views.confirm, name="handbook-confirm"),
    path("so-tay/<uuid:entry_id>/rut/", views.withdraw, name="handbook-withdraw"),
]
