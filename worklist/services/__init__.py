"""Writing care tasks: reconciling the rules into rows, and tasks people give each other."""
