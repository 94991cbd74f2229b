"""Reading equipment requests. Every selector starts from ``visible_to``."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Greatest, RowNumber

from equipment.models import (
    TERMINAL_STAGES,
    EquipmentRequest,
    Loaner,
    Payer,
    Stage,
    Vendor,
)
from pathway.catalogue import PatientStatus
from pathway.registry import rules
from patients.selectors import visible_to
from teams.models import Clinic, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Limits(TypedDict):
    """What ``with_limits`` adds to a request; days are whole days."""

    days_in_stage: int
    stage_limit: int
    days_in_all: int
    target: int
    days_over: int
    is_late: bool
    lent: str | None


class Staged(Limits):
    """What ``top_of_each_stage`` adds."""

    of_stage: int


if TYPE_CHECKING:
    LimitedRequest: TypeAlias = WithAnnotations[EquipmentRequest, Limits]
    StagedRequest: TypeAlias = WithAnnotations[EquipmentRequest, Staged]
else:
    LimitedRequest = StagedRequest = EquipmentRequest


LIMITED_STAGES = tuple(stage for stage in Stage if stage not in TERMINAL_STAGES)
COUNTED_STATUSES = (PatientStatus.ACTIVE, PatientStatus.HOSPICE)
"""Where people stand whose requests are worked on; the rules' own (EQ-STAGE, EQ-AGE)."""


def requests_open_to(user: User) -> QuerySet[EquipmentRequest]:
    """Every request this user may open, ended ones included, without those entered in error."""
    return (
        EquipmentRequest.objects.in_force()
        .filter(patient__in=visible_to(user))
        .select_related("patient__clinic", "item", "payer", "vendor")
    )


def open_requests(*, user: User, clinic: Clinic) -> "QuerySet[LimitedRequest]":
    """A clinic's requests that still have somewhere to go, past a limit first.

    Each row carries ``days_in_stage`` against ``stage_limit`` (EQ-STAGE), ``days_in_all``
    against ``target`` (EQ-AGE; it stands still once delivered), ``is_late`` when past
    either, and ``lent``, what is on loan meanwhile.
    """
    rows = requests_open_to(user).filter(
        patient__clinic=clinic, patient__status__in=COUNTED_STATUSES, stage__in=LIMITED_STAGES
    )
    return with_limits(rows, today=clinic.today()).order_by(*_ordered())


def _ordered() -> tuple[OrderBy, ...]:
    """Past a limit first, breathing items before others, then the most days over, then by name."""
    critical = Case(When(is_late=True, item__is_breathing=True, then=0), default=1)
    return (
        F("is_late").desc(),
        critical.asc(),
        F("days_over").desc(),
        F("patient__family_name").asc(),
        F("patient__given_name").asc(),
        F("pk").asc(),
    )


def with_limits(rows: QuerySet[EquipmentRequest], *, today: date) -> "QuerySet[LimitedRequest]":
    """Requests with their days, limits and loans, as ``open_requests`` says."""
    in_stage = _days(today, F("stage_since"))
    in_all = Case(
        When(stage=Stage.DELIVERED, then=_days(F("stage_since"), F("happened_on"))),
        default=_days(today, F("happened_on")),
    )
    lent = Loaner.objects.in_force().filter(request=OuterRef("pk"), returned_on__isnull=True)
    return (
        rows.annotate(days_in_stage=in_stage, days_in_all=in_all)
        .annotate(
            stage_limit=_stage_limit(),
            target=_target(),
            stage_position=_stage_position(),
            lent=Subquery(lent.order_by("-happened_on", "-entry").values("item_lent")[:1]),
        )
        .annotate(
            stage_over=F("days_in_stage") - F("stage_limit"),
            age_over=Case(When(stage=Stage.DELIVERED, then=0), default=F("days_in_all") - F("target")),
        )
        .annotate(
            days_over=Greatest("stage_over", "age_over"),
            is_late=ExpressionWrapper(Q(stage_over__gt=0) | Q(age_over__gt=0), output_field=BooleanField()),
        )
    )


CARDS_PER_STAGE = 20


def top_of_each_stage(rows: "QuerySet[LimitedRequest]") -> "QuerySet[StagedRequest]":
    """The first ``CARDS_PER_STAGE`` of ``open_requests`` in each stage, in their order.

    Each carries ``of_stage``, how many requests its stage holds in all.
    """
    place = Window(RowNumber(), partition_by=F("stage"), order_by=list(_ordered()))
    of_stage = Window(Count("*"), partition_by=F("stage"))
    return rows.annotate(place=place, of_stage=of_stage).filter(place__lte=CARDS_PER_STAGE)


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How many requests there are, and under each filter."""

    all: int
    late: int
    late_breathing: int
    breathing: int
    call_today: int
    call_late: int
    contested: int

    @property
    def call_due(self) -> int:
        """Calls due today or before."""
        return self.call_today + self.call_late


CONTESTED = Q(stage__in=(Stage.DENIED, Stage.APPEALED))


def counts(rows: "QuerySet[LimitedRequest]", *, today: date) -> BoardCounts:
    """The counts over ``open_requests``, in one query."""
    breathing = Q(item__is_breathing=True)
    found = rows.order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(is_late=True)),
        late_breathing=Count("pk", filter=breathing & Q(is_late=True)),
        breathing=Count("pk", filter=breathing),
        call_today=Count("pk", filter=Q(next_call_on=today)),
        call_late=Count("pk", filter=Q(next_call_on__lt=today)),
        contested=Count("pk", filter=CONTESTED),
    )
    return BoardCounts(**found)


def payers(*, clinic: Clinic) -> QuerySet[Payer]:
    """The payers a clinic works with, by name."""
    return Payer.objects.filter(clinic=clinic, is_active=True)


def vendors(*, clinic: Clinic) -> QuerySet[Vendor]:
    """The vendors a clinic works with, by name."""
    return Vendor.objects.filter(clinic=clinic, is_active=True)


def loans_after_death(*, user: User, clinic: Clinic) -> QuerySet[Loaner]:
    """What was lent to people who died and is not back, by the day of death."""
    return (
        Loaner.objects.in_force()
        .filter(
            patient__in=visible_to(user),
            patient__clinic=clinic,
            patient__status=PatientStatus.DECEASED,
            returned_on__isnull=True,
            request__voided_at__isnull=True,
        )
        .select_related("patient__clinic", "request__item")
        .order_by("patient__status_on", "patient__family_name", "happened_on", "pk")
    )


def loans_out(*, request: EquipmentRequest) -> QuerySet[Loaner]:
    """What is on loan now while the request is under way, first lent first."""
    return Loaner.objects.in_force().filter(request=request, returned_on__isnull=True)


def loaners_open_to(user: User) -> QuerySet[Loaner]:
    """Loans this user may open."""
    return (
        Loaner.objects.in_force()
        .filter(patient__in=visible_to(user))
        .select_related("request__item", "patient__clinic")
    )


def _days(later: date | Expression | F, earlier: Expression | F) -> Func:
    """Whole days between two dates, as PostgreSQL subtracts them."""
    if isinstance(later, date):
        later = Cast(Value(later), DateField())
    return Func(later, earlier, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def _stage_limit() -> Case:
    """Days the request may stay in its stage: the parameters of EQ-STAGE."""
    limits = rules()["EQ-STAGE"].parameters
    by_item = [
        When(stage=Stage.ORDERED, item=item, then=Value(days))
        for item, days in limits.ordered_by_item.items()
    ]
    by_stage = [When(stage=stage, then=Value(getattr(limits, stage))) for stage in LIMITED_STAGES]
    return Case(*by_item, *by_stage, default=Value(0), output_field=IntegerField())


def _stage_position() -> Case:
    """The place of the stage in the usual order."""
    places = [When(stage=stage, then=Value(place)) for place, stage in enumerate(LIMITED_STAGES)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


def _target() -> Case:
    """Days from the request to delivery: the parameters of EQ-AGE."""
    targets = rules()["EQ-AGE"].parameters
    by_item = [When(item=item, then=Value(days)) for item, days in targets.by_item.items()]
    return Case(*by_item, default=Value(targets.default), output_field=IntegerField())
