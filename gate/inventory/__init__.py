"""What a repository locks and what an image has installed: packages, whichever format states them."""
