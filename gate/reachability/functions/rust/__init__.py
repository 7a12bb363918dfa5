"""Whether vulnerable functions of crates are reached: calls in a repository's sources, names in programs of an image."""
