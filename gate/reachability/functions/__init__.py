"""Whether a vulnerable function can be reached: calls and mentions in the syntax trees of Python's sources."""
