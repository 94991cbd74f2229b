"""People with ALS: their record, status, care team and choices; the base of every recorded fact."""
