"""From models to the plain objects of ``pages.rows``, one module per thing shown."""
