"""Configuration of clinics and people: all of it for superusers, their own clinics' for clinic admins."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from teams.forms import DefaultSeatForm, InvitationForm, OwnAccountForm, OwnPartForm
from teams.forms_clinic import ClinicForm
from teams.models import Clinic, DefaultSeat, Discipline, Membership, User
from teams.selectors import administered_clinics
from teams.services.people import InvitationNotSentError, invite, send_invitation

Answer = TypeVar("Answer")
FURTHEST_AHEAD = 366
"""Days ahead that a clinic goes live without a warning."""

# Django's own class takes no type parameter when it runs.
if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


def clinics_of(request: HttpRequest) -> QuerySet[Clinic]:
    """The clinics that the one who asks may configure."""
    return administered_clinics(cast(User, request.user))


def once(request: HttpRequest, find: Callable[[User], Answer]) -> Answer:
    """What ``find`` says of the one who asks; the admin wants to know for each of its models."""
    known = request.__dict__.setdefault("_found_once", {})
    if find not in known:
        known[find] = find(cast(User, request.user))
    return known[find]  # type: ignore[no-any-return]


def configures_a_clinic(user: User) -> bool:
    """Whether the user may configure some clinic, or make the first one."""
    return user.is_superuser or administered_clinics(user).exists()


class SuperuserAdmin(AnyModelAdmin):
    """What holds for the whole installation: seen and changed by superusers only, and kept."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers."""
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: facts refer to these rows for good."""
        return False

    @staticmethod
    def _allowed(request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


class ClinicAdminBase(AnyModelAdmin):
    """Rows that belong to a clinic: seen and changed by its admins and by superusers, and kept."""

    path_to_clinic: ClassVar[str] = "clinic"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of one's own clinics."""
        return super().get_queryset(request).filter(**{f"{self.path_to_clinic}__in": clinics_of(request)})

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever configures some clinic."""
        return once(request, configures_a_clinic)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever configures the row's clinic."""
        return self._owns(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever configures some clinic; the form offers no other."""
        return self._owns(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever configures the row's clinic."""
        return self._owns(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: facts refer to these rows for good; make them inactive."""
        return False

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: Any, **kwargs: Any) -> Any:
        """Offer one's own clinics and the people who work there."""
        if db_field.related_model is Clinic:
            kwargs["queryset"] = clinics_of(request)
        elif db_field.related_model is User:
            works_there = Membership.objects.filter(clinic__in=clinics_of(request), is_active=True)
            kwargs["queryset"] = User.objects.filter(pk__in=works_there.values("user")).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _owns(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None or not once(request, configures_a_clinic):
            return once(request, configures_a_clinic)
        return clinics_of(request).filter(pk=obj.pk if isinstance(obj, Clinic) else obj.clinic_id).exists()  # type: ignore[attr-defined]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *args: Any) -> HttpResponse:
        """Another clinic's row is as if absent: 404, as everywhere."""
        raise Http404


class ClinicAdmin(ClinicAdminBase):
    """Clinics; new ones by superusers only. Registered by ``pages.admin``, which sees all rooms."""

    form = ClinicForm
    path_to_clinic = "pk"
    list_display = ["name", "time_zone", "live_on", "digest_at"]
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return bool(request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        """Save it; a first day years ahead is kept, and said: it may be a slip of the keyboard."""
        super().save_model(request, obj, form, change)
        if obj.live_on and (obj.live_on - obj.today()).days > FURTHEST_AHEAD:
            text = _(
                "%(clinic)s goes live on %(day)s, more than a year ahead. Until then everything overdue "
                "counts as catch-up work. Check the year."
            )
            shown = {"clinic": obj, "day": date_format(obj.live_on, "j M Y")}
            self.message_user(request, text % shown, messages.WARNING)


@admin.register(Discipline)
class DisciplineAdmin(SuperuserAdmin):
    """Disciplines; the nine can be renamed, not removed."""

    list_display = ["name", "short_name", "practitioner", "position", "is_core"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Facts and rules name a discipline by its code."""
        return ["code", "is_core"] if obj else ["is_core"]


@admin.register(User)
class UserAdmin(SuperuserAdmin):
    """Accounts. People come by invitation (members) and set their passwords themselves."""

    form = OwnAccountForm
    list_display = ["name", "email", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]
    ordering = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: invite them."""
        return False

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, knowing who asks."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"asks": request.user})


@admin.register(DefaultSeat)
class DefaultSeatAdmin(ClinicAdminBase):
    """Who fills a discipline's seat for new and imported patients."""

    form = DefaultSeatForm
    list_display = ["clinic", "discipline", "member", "outside_provider"]
    list_select_related = ["clinic", "discipline", "member"]
    list_filter = ["discipline"]
    search_fields = ["discipline__name", "member__name", "outside_provider"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever configures the clinic; nothing refers to these."""
        return self._owns(request, obj)


@admin.register(Membership)
class MembershipAdmin(ClinicAdminBase):
    """Members of a clinic: invite, change role and disciplines, deactivate."""

    form = OwnPartForm
    list_display = ["user", "clinic", "role", "title", "is_active"]
    list_select_related = ["user", "clinic"]
    list_filter = ["role", "is_active"]
    search_fields = ["user__name", "user__email"]
    fields = [
        "user", "clinic", "role", "title", "disciplines", "is_active", "email_digest", "digest_at",
        "email_critical", "away_from", "away_until", "deputy",
    ]  # fmt: skip
    readonly_fields = ["user", "clinic"]
    filter_horizontal = ["disciplines"]
    ordering = ["user__name"]
    actions = ["invite_again"]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, knowing who asks."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"asks": request.user})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Invite somebody. Not inside Django's transaction: the mail follows the commit."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST or None, clinics=clinics_of(request))
        if request.method == "POST" and form.is_valid() and self._invited(request, form):
            return redirect("admin:teams_membership_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Invite somebody"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/teams/membership/invite.html", context)

    def _invited(self, request: HttpRequest, form: InvitationForm) -> bool:
        try:
            membership = invite(**form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            return False
        except InvitationNotSentError as error:
            again = _("Choose “Send the invitation again” in the list once mail works.")
            self.message_user(request, f"{error} {again}", messages.ERROR)
            return True
        self.log_addition(request, membership, _("Invited."))
        self.message_user(
            request, _("%s was added and invited by email.") % membership.user, messages.SUCCESS
        )
        return True

    @admin.action(description=gettext_lazy("Send the invitation again"), permissions=["change"])
    def invite_again(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Mail the chosen members their way in."""
        for membership in queryset.filter(is_active=True, user__is_active=True).select_related(
            "user", "clinic"
        ):
            try:
                send_invitation(membership=membership)
            except InvitationNotSentError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, _("Sent to %s.") % membership.user.email, messages.SUCCESS)
