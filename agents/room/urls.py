"""Addresses of the operations room."""

from typing import Final

from django.urls import path

from agents.room import views

URLS: Final = [
    path("su-co/", views.incident_list, name="incidents"),
    path("su-co/bao/", views.report, name="report-incident"),
    path("su-co/ket-noi/", views.contact_list, name="contacts"),
    path("su-co/phu-trach/", views.vendor_list, name="vendors"),
    path("su-co/nhip/", views.beat, name="beat"),
    path("su-co/anh/<uuid:photo_id>/", views.photo, name="incident-photo"),
    path("su-co/<uuid:incident_id>/", views.incident, name="incident"),
    path("su-co/<uuid:incident_id>/ghi-chu/", views.note, name="incident-note"),
    path("su-co/<uuid:incident_id>/noi-khac/", views.place, name="incident-place"),
    path("su-co/<uuid:incident_id>/<slug:step>/", views.take_step, name="incident-step"),
]
