"""Clinical rules and date arithmetic in plain Python: no Django, no clock of their own."""
