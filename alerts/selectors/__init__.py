"""Reading alerts: what is pending, the inbox, what an email says."""
