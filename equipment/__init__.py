"""Equipment and services from request to use; every request is urgent."""
