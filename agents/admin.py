"""The administration site: for looking. Changes go through the operations, so that the audit knows of them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from agents.models.organisations import Centre, Operator, Outlet
from agents.models.people import StaffAccount
from shared.models.calendar import CalendarDay
from shared.models.messages import OutboxMessage, OutboxState
from shared.models.oversight import AuditEntry, ProcessHeartbeat, WorkItem
from shared.outbox import relay

admin.site.site_header = "Wardpost"
admin.site.site_title = "Wardpost"


if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ReadOnly(_ModelAdmin):
    """Nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:  # Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Operator)
class OperatorAdmin(ReadOnly):
    list_display = ("code", "name", "operator_class", "carrier_code")


@admin.register(Outlet)
class OutletAdmin(ReadOnly):
    list_display = ("code", "name", "operator", "commune", "status", "agreement_from", "agreement_until")
    list_filter = ("status", "phase", "operator")
    list_select_related = ("operator", "commune")
    search_fields = ("code", "name")


@admin.register(Centre)
class CentreAdmin(ReadOnly):
    list_display = ("agency_code", "name", "level", "open_from", "open_until")
    search_fields = ("agency_code", "name")


@admin.register(StaffAccount)
class StaffAccountAdmin(ReadOnly):
    list_display = ("username", "display_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    exclude = ("password", "groups", "user_permissions", "is_superuser")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnly):
    list_display = ("date", "is_working", "name_vi", "legal_basis", "confidence")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "actor_kind", "actor_id", "action", "object_type", "object_id")
    list_filter = ("object_type", "action")
    search_fields = ("object_id", "actor_id", "request_id")


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnly):
    list_display = ("kind", "reference", "owner_role", "owner_place", "due_at", "closed_at", "outcome")
    list_filter = ("kind", "owner_role")
    search_fields = ("reference",)


@admin.register(ProcessHeartbeat)
class ProcessHeartbeatAdmin(ReadOnly):
    list_display = ("name", "seen_at")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    """A parked message can be given a new series of attempts once its cause is settled."""

    list_display = ("id", "event", "subscriber", "stream", "state", "attempts", "next_at", "last_error")
    list_filter = ("state", "subscriber")
    exclude = ("payload",)
    actions = ("release",)

    @admin.action(description="Release: try the parked messages again", permissions=["view"])
    def release(self, request: HttpRequest, chosen: Any) -> None:
        for message in chosen.filter(state=OutboxState.PARKED):
            relay.release(message_id=message.id, by=str(request.user.pk))
        self.message_user(request, "Released.")
