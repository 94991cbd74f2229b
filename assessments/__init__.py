"""Recorded findings: one table, one file per kind of assessment."""
