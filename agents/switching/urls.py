"""Addresses of locking and switching."""

from typing import Final

from django.urls import path

from agents.switching import views

URLS: Final = [
    path("doi-nguoi/", views.switch, name="switch"),
    path("doi-nguoi/khoa/", views.lock, name="lock-screen"),
    path("tai-khoan/ma-pin/", views.pin, name="counter-pin"),
]
