"""The layers of an image: archives unpacked and checked, one laid over the other as one file tree."""
