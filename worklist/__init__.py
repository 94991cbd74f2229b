"""Care tasks: due work as rows, from the rules and from people."""
