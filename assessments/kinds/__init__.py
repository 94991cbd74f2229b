"""The kinds of assessments, one file each; every file holds one ``KIND``."""
