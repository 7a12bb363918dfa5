"""What is kept from run to run, on behalf of workers: each answer for the target of the worker that gave it alone.

A worker that was taken over can so falsify what is kept about its own target, and nothing else: not another's answers,
not the compiled patterns, which others load as native code's tables, nor which version of the code gave an answer.
"""

import os
import sys
from io import FileIO

import gate
from gate.core import cache
from gate.core.cache import LocalBackend, code_in, key_of
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError
from gate.core.sealed import seal, unseal
from gate.declarations.secrets import SECRETS
from gate.model import DockerHost, Image
from gate.pipeline.broker import Reply, WorkerSession
from gate.pipeline.brokered_cache import File, KeptAnswers, Keys

_COMPILED = "secrets/"


def known(session: WorkerSession, argument: Keys, files: list[int]) -> Reply:
    """Return the answers that are known about the worker's target."""
    return Reply(_backend(session).get(_folder(session, argument.folder), argument.keys))


def keep(session: WorkerSession, argument: KeptAnswers, files: list[int]) -> Reply:
    """Keep answers about the worker's target."""
    _backend(session).put(_folder(session, argument.folder), argument.by_key)
    return Reply()


def read(session: WorkerSession, argument: File, files: list[int]) -> Reply:
    """Return, open, a file that was kept for the worker's target, or the compiled patterns, which are made here."""
    folder = _folder(session, argument.folder)
    if argument.name.startswith(_COMPILED):
        kept = _compiled(session, folder, argument.name)
    else:
        kept = LocalBackend().opened(folder, _own_name(session, argument.name))
    if kept is None:
        return Reply()
    with kept:
        return Reply(files=(os.dup(kept.fileno()),))


def write(session: WorkerSession, argument: File, files: list[int]) -> Reply:
    """Keep a file for the worker's target."""
    folder = _folder(session, argument.folder)
    if not argument.name.startswith(_COMPILED):
        LocalBackend().write(folder, _own_name(session, argument.name), argument.content)
    return Reply()


def own_code(session: WorkerSession, argument: None, files: list[int]) -> Reply:
    """Return the digest of the gate's own code."""
    return Reply(cache.own_code())


def code(session: WorkerSession, argument: tuple[str, ...], files: list[int]) -> Reply:
    """Return the name (a hash) of the code in Python files of the gate or of other packages."""
    homes = [os.path.dirname(gate.__file__), sys.base_prefix, *filter(os.path.isabs, sys.path)]
    below = tuple(os.path.join(home, "") for home in homes)
    if not all(path.startswith(below) and "/.." not in path for path in argument):
        raise GateError("is no file of a package")
    return Reply(code_in(argument))


def seal_result(session: WorkerSession, argument: bytes, files: list[int]) -> Reply:
    """Return a result of the worker's target, unreadable without the machine's key."""
    return Reply(seal(argument, _scope(session)))


def unseal_result(session: WorkerSession, argument: bytes, files: list[int]) -> Reply:
    """Return what was sealed for the worker's target; None for anything else."""
    return Reply(unseal(argument, _scope(session)))


def _folder(session: WorkerSession, folder: str) -> str:
    if folder not in (session.permit.cache_folder, str(user_cache_folder())):
        raise GateError("is no folder of the cache")
    return folder


def _scope(session: WorkerSession) -> bytes:
    target = session.permit.target
    if target is None:
        return key_of("no target")
    if isinstance(target, Image):
        return key_of("image", target.source, target.reference)
    if isinstance(target, DockerHost):
        return key_of("docker host", target.address)
    return key_of("folder", os.path.realpath(target.root))


def _backend(session: WorkerSession) -> LocalBackend:
    return LocalBackend(_scope(session))


def _own_name(session: WorkerSession, name: str) -> str:
    return f"of-targets/{_scope(session).hex()}/{name}"


def _compiled(session: WorkerSession, folder: str, name: str) -> FileIO | None:
    kept = LocalBackend().opened(folder, name)
    if kept is None:
        from gate.secrets.engine.scan import compiled_patterns

        made = compiled_patterns(folder, session.permit.settings.of(SECRETS).plugins)
        kept = next(filter(None, (LocalBackend().opened(folder, name) for _ in made)), None)
    return kept
