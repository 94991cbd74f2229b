"""Writing through the rooms' own services: recorded lives, imports, synthetic clinics."""
