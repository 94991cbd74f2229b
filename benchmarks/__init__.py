"""How fast alscare is, beside the least that the same work can cost on this machine."""
