"""Which admin site Django uses."""

from django.contrib.admin.apps import AdminConfig


class AlscareAdminConfig(AdminConfig):
    """Django's admin with alscare's site."""

    default_site = "alscare.admin_site.AlscareAdminSite"
