"""Who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from teams.models import User
from teams.selectors import user_of_session


class MemberBackend(AuthenticationBackend):
    """Signs in as allauth does; with the user of a session it reads the memberships every page needs."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user of this id; one query for them and their memberships."""
        return user_of_session(user_id)
