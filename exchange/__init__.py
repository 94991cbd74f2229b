"""Clinics' records in and out: import, export, synthetic clinics, replay."""
