"""Whether vulnerable functions of crates are reached: calls in own sources, names in programs of an image."""
