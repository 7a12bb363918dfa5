"""Plugins and filters that a baseline names as files: code that runs only where the user said that it is trusted.

They are found and asked as detect-secrets does: `file://PATH` holds plugins, `file://PATH::FUNCTION` is a filter, and
what either is given goes by its parameters' names. An exception of theirs is an error of the file that was looked at.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from gate.core.errors import GateError, UnreadableError
from gate.secrets.engine.configuration import PluginFile
from gate.secrets.engine.detect_secrets_adapter import (
    PotentialSecret,
    call_function_with_arguments,
    get_injectable_variables,
    plugins_in,
)

MAX_BYTES = 1 << 20


def read_source(name: str, root: str, read: Callable[[str], bytes | None]) -> PluginFile:
    """Read a file of code by what follows `file://`: a path in the judged tree, or an absolute one.

    `root` is the tree's folder and `read` gives the tree's files. Raises UnreadableError.
    """
    path = PurePosixPath(name)
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    try:
        content = Path(name).read_bytes() if inside.is_absolute() else read(inside.as_posix())
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=name) from error
    if content is None or len(content) > MAX_BYTES:
        why = "is not there" if content is None else f"has more than {MAX_BYTES:,} bytes"
        raise UnreadableError(f"{why}, and the baseline names it", path=name)
    return PluginFile(name, content)


@lru_cache(maxsize=64)
def _module(source: PluginFile) -> ModuleType:
    module = ModuleType(PurePosixPath(source.path).stem)
    module.__file__ = source.path
    try:
        code = compile(source.content, source.path, "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 the user trusts it, by a flag that no file can give
    except (Exception, SystemExit) as error:
        raise UnreadableError(f"raises {type(error).__name__} when it is loaded", path=source.path) from error
    return module


def plugin_classes(source: PluginFile) -> dict[str, type[Any]]:
    """Return the plugins of a file by their secret types. Raises UnreadableError if it cannot be loaded."""
    found: Iterable[Any] = plugins_in(_module(source))
    return {plugin.secret_type: plugin for plugin in found}


def secrets_of(plugin: Any, path: str, line: str, number: int, context: Any) -> list[PotentialSecret]:
    """Return what a plugin finds in line `number` of the file at `path`. Raises UnreadableError if it fails."""
    known = {"filename": path, "line": line, "line_number": number, "context": context}
    try:
        return list(call_function_with_arguments(plugin.analyze_line, **known) or ())
    except GateError:
        raise
    except Exception as error:
        raise _failed(type(plugin).__name__, path, error) from error


class CustomFilter:
    """A function that says what is no secret."""

    def __init__(self, source: PluginFile, name: str) -> None:
        """Raises UnreadableError if the file cannot be loaded, or has no such function."""
        function: Any = getattr(_module(source), name, None)
        if not hasattr(function, "__code__"):
            raise UnreadableError(f"has no function {name!r}, and the baseline names it", path=source.path)
        self.name = f"{source.path}::{name}"
        self._function = function
        self._function.injectable_variables = set(get_injectable_variables(function))

    def drops_file(self, path: str) -> bool:
        """Raises UnreadableError if it fails, as the others do."""
        return self._drops("filename", filename=path)

    def drops_line(self, path: str, line: str, context: Any) -> bool:
        return self._drops("line", filename=path, line=line, context=context)

    def drops_secret(self, secret: PotentialSecret, line: str, plugin: Any, context: Any) -> bool:
        known = {"filename": secret.filename, "secret": secret.secret_value, "plugin": plugin, "line": line}
        return self._drops("secret", **known) or self._drops("context", **known, context=context)

    def _drops(self, needed: str, **known: Any) -> bool:
        """Ask the function if it has the parameter `needed`; one that wants more than is known has no say."""
        if needed not in self._function.injectable_variables:
            return False
        try:
            return bool(call_function_with_arguments(self._function, **known))
        except GateError:
            raise
        except TypeError:  # that is how detect-secrets tells which filters fit
            return False
        except Exception as error:
            raise _failed(self.name, known["filename"], error) from error


def _failed(name: str, path: str, error: Exception) -> UnreadableError:
    return UnreadableError(f"makes the baseline's {name} raise {type(error).__name__}", path=path)
