"""Addresses of boards."""

from typing import Final

from django.urls import path

from intake.boards import public_views, views

URLS: Final = [
    path("tinh-hinh/so-lieu/", views.figures, name="board-figures"),
    path("tinh-hinh/ho-so/", views.behind, name="board-behind"),
    path("tinh-hinh/so-sanh/", views.compare, name="board-compare"),
    path("tinh-hinh/ban-do/", views.on_map, name="board-map"),
    path("tinh-hinh/chi-so/", views.index, name="board-index"),
    path("so-lieu-mo/", public_views.board, name="public-board"),
    path("so-lieu-mo/so-lieu.csv", public_views.table, name="public-board-file"),
]
