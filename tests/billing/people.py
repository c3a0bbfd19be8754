"""Finance people, an operator's headquarters and machines, signed in."""

from agents.models.organisations import Operator
from agents.models.people import StaffAccount
from shared.roles import Role


def operator(code="VNPOST"):
    return Operator.objects.get_or_create(code=code, defaults={
        "name": {"VNPOST": "Vietnam Post", "VTPOST": "Viettel Post"}[code], "operator_class": "public_post",
        "carrier_code": code.lower()})[0]


def person(role=Role.FINANCE_REVIEWER, province="01", **places):
    name = f"{role}-{province}-{len(StaffAccount.objects.all())}"
    return StaffAccount.objects.create_user(
        name, password="mat-khau-dai-lam", display_name="Vũ Hoàng Yến", role=role,
        province_id=None if places else province, **places)


def signed_in(client, role=Role.FINANCE_REVIEWER, province="01", **places):
    client.force_login(person(role, province, **places), backend="agents.backends.StaffBackend")
    return client
