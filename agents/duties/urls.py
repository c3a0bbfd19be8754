"""Addresses of delegated duties."""

from typing import Final

from django.urls import path

from agents.duties import views

URLS: Final = [
    path("giao-viec/", views.own_duties, name="duties"),
    path("giao-viec/cua/<uuid:account_id>/", views.duties, name="person-duties"),
    path("giao-viec/<uuid:delegation_id>/", views.delegation, name="delegation"),
    path("giao-viec/<uuid:delegation_id>/ket-thuc/", views.end, name="end-duties"),
]
