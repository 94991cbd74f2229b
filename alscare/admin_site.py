"""The Django admin: configuration for admins, charts for clinical staff who were let in."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from teams.selectors import may_open_admin

ROOMS = frozenset(
    ["pages", "alerts", "worklist", "assessments", "referrals", "equipment", "patients", "teams"]
)


class AlscareAdminSite(AdminSite):
    """One way to sign in and to change a password: the product's own, with its limits."""

    site_title = "alscare"
    site_header = _("alscare administration")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        """Take what the rooms register; packages' own pages know nothing of who may see what."""
        if admin_class is not None and admin_class.__module__.partition(".")[0] in ROOMS:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers, staff and the admins of a clinic."""
        return may_open_admin(request.user)

    @method_decorator([never_cache, login_not_required])
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send people to the product's sign-in; those signed in but not let in are told so."""
        if request.user.is_authenticated:
            return redirect("/")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The product's own form."""
        return redirect("account_change_password")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The product's own page."""
        return redirect("account_logout")
