"""The border between processes: a call is a function's name and msgpack, typed by the function's annotations."""

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, TypeVar, get_type_hints

import msgspec

from gate.core.errors import as_stage_error
from gate.model import StageError

Outcome = TypeVar("Outcome")


class Call(msgspec.Struct, frozen=True):
    """`function(item, *shared)` for some items, ready to travel."""

    function: str
    items: tuple[bytes, ...]
    shared: tuple[bytes, ...]


class Answer(msgspec.Struct, frozen=True):
    """What one item came to: a value that travels, or the error in its place."""

    value: bytes = b""
    error: StageError | None = None


class _Border:
    """The decoders and encoder of one function."""

    def __init__(self, name: str) -> None:
        module, _, attribute = name.partition(":")
        self.function: Callable[..., Any] = getattr(import_module(module), attribute)
        hints = get_type_hints(self.function)  # of the parameters in their order, and of what is returned
        self.outcome = msgspec.msgpack.Decoder(hints.pop("return"))
        self.parameters = list(map(msgspec.msgpack.Decoder, hints.values()))
        self.prepare: Callable[..., None] | None = getattr(import_module(module), "prepare", None)

    def shared(self, call: Call) -> list[Any]:
        return [decoder.decode(part) for decoder, part in zip(self.parameters[1:], call.shared, strict=True)]


_border = cache(_Border)


def name_of(function: Callable[..., Any]) -> str:
    """Return the name under which another process finds a module's own function."""
    return f"{function.__module__}:{function.__qualname__}"


def pack(function: Callable[..., Any], items: list[Any], shared: tuple[Any, ...]) -> Call:
    """Make a call that can travel."""
    encode = msgspec.msgpack.encode
    return Call(name_of(function), tuple(map(encode, items)), tuple(map(encode, shared)))


def load_if_ours(call: Call) -> None:
    """Import what a call needs that a worker wants done; its module may have a `prepare` that loads more.

    A worker may have been taken over: only a function of the gate, or of a module that is loaded here already, is
    looked up. Errors in the call are left to the worker that performs it.
    """
    module = call.function.partition(":")[0]
    if not module.startswith("gate.") and module not in sys.modules:
        return
    with suppress(Exception):
        border = _border(call.function)
        if border.prepare:
            border.prepare(*border.shared(call))


def perform(call: Call) -> tuple[Answer, ...]:
    """Do a call here, item by item; what an item raises is its answer."""
    border = _border(call.function)
    shared = border.shared(call)
    answers = []
    for packed in call.items:
        outcome = attempt(border.function, border.parameters[0].decode(packed), *shared)
        answers.append(_answer(outcome))
    return tuple(answers)


def attempt(function: Callable[..., Outcome], item: Any, *shared: Any) -> Outcome | StageError:
    """Call `function(item, *shared)`; turn what it raises into the item's StageError."""
    try:
        return function(item, *shared)
    except Exception as error:  # noqa: BLE001  (whatever one hostile file does, the others are still judged)
        return as_stage_error(error, path=item if isinstance(item, str) else None)


def _answer(outcome: Any) -> Answer:
    if isinstance(outcome, StageError):
        return Answer(error=outcome)
    try:
        return Answer(value=msgspec.msgpack.encode(outcome))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:  # a plugin's result can hold anything
        return Answer(error=as_stage_error(error))


def unpack(function: str, answer: Answer) -> Any:
    """Return the function's outcome, or the StageError in its place: also of an answer that has another shape."""
    if answer.error is not None:
        return answer.error
    try:
        return _border(function).outcome.decode(answer.value)
    except (msgspec.MsgspecError, ValueError):
        return StageError(title="a worker answered what it was not asked", message="Please report it")
