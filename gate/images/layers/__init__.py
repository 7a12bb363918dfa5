"""The layers of an image: archives that are unpacked, verified and merged to one file tree."""
