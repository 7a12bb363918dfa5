"""What is found once for an image and asked for at every step."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from gate.reachability.runtimes.files import Files

Answer = TypeVar("Answer")


def once_an_image(function: Callable[[Files], Answer]) -> Callable[[Files], Answer]:
    """Keep what `function` says of an image's files for as long as these are there."""
    known: WeakKeyDictionary[Files, Answer] = WeakKeyDictionary()

    @wraps(function)
    def ask(files: Files) -> Answer:
        if files not in known:
            known[files] = function(files)
        return known[files]

    return ask
