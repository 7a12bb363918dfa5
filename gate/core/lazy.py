"""A mapping whose values are made when they are first read."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Made = TypeVar("Made")


class LazyMapping(Mapping[str, Made]):
    """Maps each name to the result of its function, which is called at most once."""

    def __init__(self, makers: Mapping[str, Callable[[], Made]]) -> None:
        self._makers = makers
        self._made: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers  # that of Mapping would make the value to see whether there is one

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
