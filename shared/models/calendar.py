from django.db import models

from shared.confidence import Confidence


class CalendarDay(models.Model):
    """A day that differs from "Monday to Friday are worked": a holiday, a swapped day off, a swapped working day."""

    date = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    confidence = models.CharField(max_length=10, choices=Confidence)

    def __str__(self) -> str:
        return f"{self.date} {self.name_vi}"
