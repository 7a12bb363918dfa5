"""Caching what is computed from an image's files and needed at every step."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from gate.reachability.runtimes.walk.files import Files

Answer = TypeVar("Answer")


def cached_per_image(function: Callable[[Files], Answer]) -> Callable[[Files], Answer]:
    """Cache the result of `function` for each image, as long as its Files object exists."""
    results: WeakKeyDictionary[Files, Answer] = WeakKeyDictionary()

    @wraps(function)
    def cached(files: Files) -> Answer:
        if files not in results:
            results[files] = function(files)
        return results[files]

    return cached
