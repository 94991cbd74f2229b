"""Equipment requests, their status history, calls about them, and loans. There is no priority field."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.tracking import track_writes
from patients.facts import Fact
from teams.models import Clinic, Discipline


class ItemKind(models.TextChoices):
    """A thing, or a service handled by the same rules (home health, infusion, home modification)."""

    EQUIPMENT = "equipment", _("Equipment")
    SERVICE = "service", _("Service")


class EquipmentItem(models.Model):
    """A kind of equipment or service that can be requested."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind.choices, default=ItemKind.EQUIPMENT)
    is_breathing = models.BooleanField(
        _("breathing item"), default=False, help_text=_("Overdue requests are critical.")
    )
    requested_by = models.ForeignKey(
        Discipline,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usually requested by"),
    )
    fitted_by = models.ForeignKey(
        Discipline,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usually fitted by"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("kind of equipment")
        verbose_name_plural = _("kinds of equipment")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Somebody outside the clinic who decides or delivers."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", verbose_name=_("clinic"))
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Payer(Organisation):
    """Who is asked to pay."""

    class Meta(Organisation.Meta):
        verbose_name = _("payer")
        verbose_name_plural = _("payers")
        constraints = [
            models.UniqueConstraint(
                "clinic",
                Lower("name"),
                name="one_payer_per_name",
                violation_error_message=_("This clinic has a payer of this name already."),
            )
        ]


class Vendor(Organisation):
    """Who delivers."""

    class Meta(Organisation.Meta):
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        constraints = [
            models.UniqueConstraint(
                "clinic",
                Lower("name"),
                name="one_vendor_per_name",
                violation_error_message=_("This clinic has a vendor of this name already."),
            )
        ]


class Stage(models.TextChoices):
    """Stages of a request, as in catalogue 2.2 (EQ-STAGE)."""

    REQUESTED = "requested", _("Requested")
    DOCUMENTED = "documented", _("Documented")
    SUBMITTED = "submitted", _("Submitted")
    DENIED = "denied", _("Denied")
    APPEALED = "appealed", _("Appealed")
    APPROVED = "approved", _("Approved")
    ORDERED = "ordered", _("Ordered")
    DELIVERED = "delivered", _("Delivered")
    IN_USE = "in_use", _("In use")
    CANCELLED = "cancelled", _("Cancelled")
    TRANSFERRED = "transferred", _("Transferred")


TERMINAL_STAGES = (Stage.IN_USE, Stage.CANCELLED, Stage.TRANSFERRED)


@track_writes(projections=["stage", "stage_since", "next_call_on"])
class EquipmentRequest(Fact):
    """Equipment or a service asked for on ``happened_on``. Every request is urgent.

    ``stage`` and ``stage_since`` (first day of the current run) follow the status
    history; ``next_call_on`` follows the latest call.
    """

    item = models.ForeignKey(EquipmentItem, on_delete=models.PROTECT, verbose_name=_("item"))
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    ordered_by = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="+", verbose_name=_("order signed by")
    )
    fitted_by = models.ForeignKey(
        Discipline, on_delete=models.PROTECT, related_name="+", verbose_name=_("fitted by")
    )
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payer")
    )
    vendor = models.ForeignKey(
        Vendor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vendor")
    )
    backup_rate = models.BooleanField(_("backup rate confirmed"), null=True, blank=True)
    qualifying_test = models.CharField(_("qualifying test"), max_length=200, blank=True)
    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage.choices, default=Stage.REQUESTED, editable=False
    )
    stage_since = models.DateField(_("in this stage since"), editable=False)
    next_call_on = models.DateField(_("next call"), null=True, editable=False)

    class Meta(Fact.Meta):
        verbose_name = _("equipment request")
        verbose_name_plural = _("equipment requests")
        indexes = [models.Index(fields=["patient"], name="equipment_patient")]

    def __str__(self) -> str:
        return f"{self.item}, {self.detail}" if self.detail else str(self.item)


@track_writes()
class EquipmentStatusChange(Fact):
    """The request reached a stage on ``happened_on``; repeating a stage resets nothing."""

    request = models.ForeignKey(EquipmentRequest, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(_("stage"), max_length=20, choices=Stage.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reference = models.CharField(_("reference number"), max_length=80, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("equipment status change")
        indexes = [
            models.Index(fields=["patient"], name="equipment_change_patient"),
            models.Index(fields=["request"], name="equipment_change_request"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_status_display().lower()}"


class ContactWith(models.TextChoices):
    """Whom a call went to."""

    VENDOR = "vendor", _("Vendor")
    PAYER = "payer", _("Payer")
    OTHER = "other", _("Somebody else")


@track_writes()
class VendorContact(Fact):
    """A call or message about a request, and when to call next."""

    request = models.ForeignKey(EquipmentRequest, on_delete=models.PROTECT, related_name="contacts")
    contact_with = models.CharField(
        _("call with"), max_length=20, choices=ContactWith.choices, default=ContactWith.VENDOR
    )
    person = models.CharField(_("spoke with"), max_length=150, blank=True)
    reference = models.CharField(_("reference number"), max_length=80, blank=True)
    next_call_on = models.DateField(_("next call"), null=True, blank=True)

    class Meta(Fact.Meta):
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = [
            models.Index(fields=["patient"], name="contact_patient"),
            models.Index(fields=["request"], name="contact_request"),
        ]

    def __str__(self) -> str:
        return gettext("Call about %(item)s") % {"item": self.request}


@track_writes()
class Loaner(Fact):
    """Something lent to bridge the wait for a request."""

    request = models.ForeignKey(EquipmentRequest, on_delete=models.PROTECT, related_name="loaners")
    item_lent = models.CharField(_("lent"), max_length=150)
    serial_number = models.CharField(_("serial number"), max_length=80, blank=True)
    due_back_on = models.DateField(_("due back"), null=True, blank=True)
    returned_on = models.DateField(_("returned"), null=True, editable=False)
    returned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta(Fact.Meta):
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        indexes = [
            models.Index(fields=["patient"], name="loaner_patient"),
            models.Index(fields=["request"], name="loaner_request"),
        ]

    def __str__(self) -> str:
        return gettext("%(thing)s lent") % {"thing": self.item_lent}
