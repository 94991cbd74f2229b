"""Clinics, disciplines, the people who work there and what they may open."""
