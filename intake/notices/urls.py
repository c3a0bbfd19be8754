"""Addresses of notices."""

from typing import Final

from django.urls import path

from intake.notices import views

URLS: Final = [
    path("ho-so/<uuid:dossier_id>/bao-tin/", views.trail, name="notices"),
    path("ho-so/<uuid:dossier_id>/bao-tin/kenh/", views.choose, name="notice-choice"),
    path("bao-tin/<uuid:notice_id>/gui-lai/", views.again, name="notice-again"),
    path("bao-tin/", views.overview, name="notice-overview"),
    path("bao-tin/mau/", views.template_list, name="notice-templates"),
    path("bao-tin/mau/<slug:event>/<slug:channel>/<slug:language>/", views.template, name="notice-template"),
]
