"""Opening, closing and delivering alerts."""
