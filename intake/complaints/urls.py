"""Addresses of complaints."""

from typing import Final

from django.urls import path

from intake.complaints import views

URLS: Final = [
    path("phan-anh/", views.complain, name="complain"),
    path("phan-anh/danh-sach/", views.complaints, name="complaints"),
    path("phan-anh/<uuid:complaint_id>/y-kien/", views.explain, name="explain-complaint"),
    path("phan-anh/<uuid:complaint_id>/ket-luan/", views.decide, name="decide-complaint"),
]
