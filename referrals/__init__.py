"""Referrals that are followed until the person was seen."""
