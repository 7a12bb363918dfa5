"""Where an image comes from: the base that it was built on, and who signed for it."""
