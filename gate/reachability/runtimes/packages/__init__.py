"""Which package a file belongs to, and whether the image changed it."""
