"""Where an image comes from: the base image that it was built on, and its signatures and attestations."""
