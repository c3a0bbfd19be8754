"""Addresses of training."""

from typing import Final

from django.urls import path

from agents.training import coverage, views

URLS: Final = [
    path("dao-tao/", views.training, name="training"),
    path("dao-tao/nhan-su/", coverage.coverage, name="training-coverage"),
    path("dao-tao/dieu-kien/", coverage.set_gate, name="training-gate"),
    path("dao-tao/khoa/<slug:code>/", views.course, name="training-course"),
    path("dao-tao/khoa/<slug:code>/bai-thi/", views.start, name="training-start"),
    path("dao-tao/bai-thi/<uuid:attempt_id>/", views.attempt, name="training-attempt"),
    path("dao-tao/chung-chi/<uuid:certificate_id>/", views.certificate, name="certificate"),
    path("chung-chi/", views.check, name="certificate-find"),
    path("chung-chi/<slug:number>/", views.check, name="certificate-check"),
]
