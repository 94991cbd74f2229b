"""Reading: what the rules need to know, and the care tasks they and people made."""
