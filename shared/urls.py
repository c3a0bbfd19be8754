"""Pages of no app."""

from django.urls import path

from shared import views

urlpatterns = [
    path("styleguide/", views.style_guide, name="style-guide"),
]
