"""The short secret with which somebody comes back to a computer on which she has signed in today."""

from django.db import models


class CounterPin(models.Model):
    """Six digits, kept as a password is. Worth nothing on a computer where she has not signed in with her password."""

    account = models.OneToOneField("agents.StaffAccount", on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=128)
    failures = models.PositiveSmallIntegerField(default=0)
    """Wrong ones since the last full sign-in; at the limit the PIN sleeps until the next one."""
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.set_at)
