"""What ./run and ./test share: set-up, the private servers, and watching over processes.

Only Python's own library is used here, because these modules run before anything
is installed. The two that run inside the virtual environment are ``mail_sink``
and ``first_sweep``.
"""
