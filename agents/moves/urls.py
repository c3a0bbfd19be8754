"""Addresses of the pages of moves."""

from typing import Final

from django.urls import path

from agents.moves import views

URLS: Final = (
    path("mang-luoi/<uuid:outlet_id>/chuyen-dia-diem/", views.ask_move, name="ask-outlet-move"),
    path("chuyen-dia-diem/", views.move_list, name="outlet-moves"),
    path("chuyen-dia-diem/<uuid:move_id>/", views.move, name="outlet-move"),
    path("chuyen-dia-diem/<uuid:move_id>/<slug:step>/", views.take_step, name="outlet-move-step"),
)
