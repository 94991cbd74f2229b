"""The rows of the table: each measures one thing the product does, and its floor."""
