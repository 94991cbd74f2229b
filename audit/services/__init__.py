"""Writing the audit trail: reads and denials, seals, and the rights of the runtime role."""
