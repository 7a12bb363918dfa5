"""Layers of images, made as the tests of images make them."""

from tests.images.conftest import layered, make, span

__all__ = ["layered", "make", "span"]
