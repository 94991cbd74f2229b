"""Marking text for translation without depending on a framework."""


def gettext_noop(message: str) -> str:
    """Return ``message`` unchanged; its name lets ``makemessages`` collect it."""
    return message
