"""The one receiver of ``tasks_changed``."""
