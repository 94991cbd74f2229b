"""Synthetic people drawn from the cohort figures of the catalogue (section 4). Nobody in it exists."""
