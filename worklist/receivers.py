"""The one receiver of ``chart_changed``."""
