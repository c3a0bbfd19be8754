"""Addresses of what citizens say."""

from typing import Final

from django.urls import path

from intake.satisfaction import views

URLS: Final = [
    path("y-kien/", views.rate, name="rate"),
    path("nhan-tin/", views.choose_notices, name="choose-notices"),
    path("danh-gia/", views.results, name="satisfaction"),
    path("danh-gia/<uuid:report_id>/xu-ly/", views.settle, name="settle-report"),
]
