"""Working out what a folder of files would change, before anything is written."""
