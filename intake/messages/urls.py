"""Addresses of questions and answers."""

from typing import Final

from django.urls import path

from intake.messages import views

URLS: Final = [
    path("quay/hoi-dap/", views.outlet_list, name="outlet-questions"),
    path("trung-tam/hoi-dap/", views.centre_list, name="centre-questions"),
    path("ho-so/<uuid:dossier_id>/hoi-dap/", views.dossier_messages, name="messages"),
    path("ho-so/<uuid:dossier_id>/hoi-dap/noi-dung/", views.threads, name="message-threads"),
    path("ho-so/<uuid:dossier_id>/hoi-dap/da-doc/", views.read, name="messages-read"),
    path("hoi-dap/<uuid:inquiry_id>/xong/", views.close, name="close-inquiry"),
    path("hoi-dap/<uuid:inquiry_id>/so-tay/", views.promote, name="promote-answer"),
    path("hoi-dap/so-tay/", views.promoted_answers, name="promoted-answers"),
    path("hoi-dap/dang-cho/", views.waiting, name="questions-waiting"),
]
