"""Container images: their sources, their layers as one file tree, their configuration, and the rules about them."""
