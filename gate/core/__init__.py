"""What all parts rest on: errors, text, formats, caches, the network, signatures, limits for other programs."""
