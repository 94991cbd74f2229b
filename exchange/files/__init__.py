"""A clinic's records as CSV files: which files, which columns, what a cell may hold."""
