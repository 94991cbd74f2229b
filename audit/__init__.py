"""Who read and who changed what: append-only, below every room that holds charts."""
