"""One file per rule. A file is found by being here; its ``RULE`` says the rest."""
