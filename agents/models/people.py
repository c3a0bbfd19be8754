"""Who may come in: people with an account, machines with a token."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shared.actors import Actor, ActorKind
from shared.ids import uuid7
from shared.roles import CENTRE_ROLES, FINANCE_ROLES, OUTLET_ROLES, PROGRAMME_ROLES, Role


class StaffAccount(AbstractBaseUser, PermissionsMixin):
    """A person of an outlet, an operator, a centre or the city. Never a citizen, and never stands in for one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    display_name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    operator = models.ForeignKey(
        "agents.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    procedure_groups = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    """Groups of procedures that she takes dossiers of (shared/procedure_groups.py); empty: all."""
    works_until = models.DateField(null=True, blank=True)
    """The first local day on which she has no access any more: a surge helper's. None: until somebody ends it."""
    stands_in_until = models.DateField(null=True, blank=True)
    """The first local day on which she stands in for nobody any more (agents.duties); None: she never does."""
    session_round = models.PositiveIntegerField(default=0)
    """Raised when all her sessions are to end at once; part of what every session must match."""
    second_factor_at = models.DateTimeField(null=True)
    """Since when signing in asks for more than the password; None: it does not."""
    codes_tried = models.PositiveIntegerField(default=0)
    """Codes of the second step tried since the last right one (agents.people.second_factor.begin_code)."""
    code_tried_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    """May open the administration site."""
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager["StaffAccount"]] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_known"),
            models.CheckConstraint(
                condition=(
                    Q(role__in=sorted(OUTLET_ROLES), outlet__isnull=False)
                    | Q(role=Role.OPERATOR_HQ, operator__isnull=False)
                    | Q(role__in=sorted(CENTRE_ROLES), centre__isnull=False)
                    | Q(role__in=sorted(FINANCE_ROLES | PROGRAMME_ROLES | {Role.AUDITOR}), province__isnull=False)
                    | Q(role=Role.ADMINISTRATOR)
                ),
                name="staff_has_its_place",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def has_access(self, today: date) -> bool:
        """Whether she may come in on a local day."""
        return self.is_active and (self.works_until is None or today < self.works_until)

    @property
    def is_helper(self) -> bool:
        """Helps out for a while, and no longer."""
        return self.works_until is not None

    @property
    def last_day(self) -> date | None:
        """The last local day with access, of a helper."""
        return None if self.works_until is None else self.works_until - timedelta(days=1)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """As Django's, of the password and the round: what raises the round ends every session."""
        if not self.session_round:
            return str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]  # Django's own, untyped
        value = f"{self.password}:{self.session_round}"
        return salted_hmac("agents.StaffAccount.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def place_name(self) -> str:
        """Name of the place worked at; load the account with its place (agents.accounts does)."""
        place = self.outlet or self.centre or self.operator or self.province
        return "" if place is None else place.name

    @property
    def place_code(self) -> str:
        if self.outlet is not None:
            return self.outlet.code
        if self.centre is not None:
            return self.centre.agency_code
        return "" if self.operator is None else self.operator.code

    @property
    def actor(self) -> Actor:
        """Who acts, and what bounds what they may see."""
        return Actor(
            ActorKind.PERSON,
            str(self.id),
            self.display_name,
            self.role,
            outlet_id=self.outlet_id,
            operator_id=self.operator_id or (self.outlet.operator_id if self.outlet else None),
            centre_id=self.centre_id,
            province_code=self._province_code(),
            groups=frozenset(self.procedure_groups),
        )

    def _province_code(self) -> str:
        if self.province_id:
            return self.province_id
        if self.centre is not None:
            return self.centre.province_id
        return self.outlet.commune.province_id if self.outlet is not None else ""


class ApiToken(models.Model):
    """A machine's key to the API: only its digest is kept; scopes and a place bound what it may do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    """"dossiers:write", "centre:write", "billing:read", …: see agents/rules.py."""
    outlet = models.ForeignKey("agents.Outlet", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    operator = models.ForeignKey("agents.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey("agents.Centre", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    province = models.ForeignKey("shared.Province", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(StaffAccount, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
