"""Django looks for models here; code imports the submodule it means."""

from shared.models.calendar import CalendarDay
from shared.models.messages import IdempotencyKey, InboxMessage, OutboxMessage
from shared.models.oversight import AuditEntry, ProcessHeartbeat, WorkItem
from shared.models.places import Commune, FormerCommune, Province, Succession

__all__ = [
    "AuditEntry",
    "CalendarDay",
    "Commune",
    "FormerCommune",
    "IdempotencyKey",
    "InboxMessage",
    "OutboxMessage",
    "ProcessHeartbeat",
    "Province",
    "Succession",
    "WorkItem",
]
