"""The rows of a clinic that records name by code, name or email."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from equipment.models import EquipmentItem, Payer, Vendor
from teams.models import Clinic, DefaultSeat, Discipline, Membership, User

Row = TypeVar("Row")

UNKNOWN = "unknown"
"""The code of the error about a name that nobody knows."""

_REFUSED = {
    "discipline": gettext_lazy("This is not a discipline. Write its code, such as nutrition or social_work."),
    "item": gettext_lazy("This is not a kind of equipment. Write its code, such as power_wheelchair."),
    "member": gettext_lazy(
        "This is not the email of a member of the clinic. Invite them first, or correct the email."
    ),
    "payer": gettext_lazy("This is not a payer of this clinic."),
    "vendor": gettext_lazy("This is not a vendor of this clinic."),
}


class Directory:
    """Looks names up once per clinic; whoever is not found is refused by name."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.disciplines = {row.code: row for row in Discipline.objects.all()}
        self.items = {row.code: row for row in EquipmentItem.objects.all()}
        members = Membership.objects.filter(clinic=clinic, is_active=True, user__is_active=True)
        self.members = {row.user.email: row.user for row in members.select_related("user")}
        self.payers = {row.name.lower(): row for row in Payer.objects.filter(clinic=clinic)}
        self.vendors = {row.name.lower(): row for row in Vendor.objects.filter(clinic=clinic)}
        seats = DefaultSeat.objects.filter(clinic=clinic).select_related("member", "discipline")
        self.default_seats = list(seats)

    def discipline(self, code: object) -> Discipline:
        """A discipline by its code. Raises ValidationError."""
        return _found(self.disciplines, code, "discipline")

    def item(self, code: object) -> EquipmentItem:
        """A kind of equipment by its code. Raises ValidationError."""
        return _found(self.items, code, "item")

    def member(self, email: object) -> User | None:
        """An active member by email; None for none named. Raises ValidationError."""
        return _found(self.members, email, "member") if email else None

    def payer(self, name: object) -> Payer | None:
        """A payer of the clinic, in capitals or not; None for none named. Raises ValidationError."""
        return _found(self.payers, name, "payer", str.lower) if name else None

    def vendor(self, name: object) -> Vendor | None:
        """A vendor of the clinic, in capitals or not; None for none named. Raises ValidationError."""
        return _found(self.vendors, name, "vendor", str.lower) if name else None


def _found(rows: Mapping[str, Row], name: object, field: str, known_as: Callable[[str], str] = str) -> Row:
    if isinstance(name, str) and known_as(name) in rows:
        return rows[known_as(name)]
    raise ValidationError({field: ValidationError(_REFUSED[field], code=UNKNOWN)})
