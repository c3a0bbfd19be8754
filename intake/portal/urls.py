"""Addresses of the national portal's pages."""

from typing import Final

from django.urls import path

from intake.portal import views

URLS: Final = [
    path("dong-bo/", views.portal, name="portal"),
    path("dong-bo/ho-so/<uuid:dossier_id>/", views.trail, name="portal-trail"),
    path("dong-bo/ho-so/<uuid:dossier_id>/gui-lai/", views.release, name="portal-release"),
]
