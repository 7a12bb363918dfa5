"""Registries, asked for a worker about its own image: the worker chooses neither host, repository nor tag."""

import re

from gate.core.errors import GateError
from gate.images.registry.addresses import addresses, repository_at
from gate.images.registry.artifacts import referrers_request
from gate.images.registry.client import ImageRepository
from gate.images.registry.elsewhere import WantedOfRegistry
from gate.images.registry.names import image_name
from gate.model import Image
from gate.pipeline.broker import Reply, WorkerSession
from gate.stages.image import access_of

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_TAG_OF_DIGEST = re.compile(r"sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})(?:\.sig|\.att|\.sbom)?")
_REFERRERS = re.compile(rf"referrers/({_DIGEST.pattern})")
_MOST_ASKED = 20_000
_ASKED = "requests of registries"
_NAMED = frozenset({"registry", "named", "docker", "podman"})
"""Sources whose reference is a name that a registry may have; for others no registry is asked."""


def manifest(session: WorkerSession, argument: WantedOfRegistry, files: list[int]) -> Reply:
    """Return a manifest of the image's repository."""
    return Reply(_repository(session, argument).manifest(_name(session, argument.name)))


def digest(session: WorkerSession, argument: WantedOfRegistry, files: list[int]) -> Reply:
    """Return the digest that the registry has under the image's tag."""
    return Reply(_repository(session, argument).digest_of(_name(session, argument.name)))


def blob(session: WorkerSession, argument: WantedOfRegistry, files: list[int]) -> Reply:
    """Begin to bring a blob of the image's repository."""
    if not _DIGEST.fullmatch(argument.name):
        raise GateError("is no digest", path=argument.name[:100])
    return session.stream(_repository(session, argument).blob(argument.name, argument.size))


def read(session: WorkerSession, argument: WantedOfRegistry, files: list[int]) -> Reply:
    """Return the list of what is attached to a manifest of the image's repository."""
    found = _REFERRERS.fullmatch(argument.name)
    if found is None:
        raise GateError("is nothing that is asked of a registry", path=argument.name[:100])
    return Reply(_repository(session, argument).read(referrers_request(found[1]), argument.size))


def _repository(session: WorkerSession, argument: WantedOfRegistry) -> ImageRepository:
    target, settings = session.permit.target, session.permit.settings
    session.kept[_ASKED] = session.kept.get(_ASKED, 0) + 1
    if not isinstance(target, Image) or target.source not in _NAMED or settings.offline:
        raise GateError("no registry is asked about this target")
    if session.kept[_ASKED] > _MOST_ASKED:
        raise GateError("the registry was asked too often", path=target.name)
    known = f"repository at {argument.address}"
    if known not in session.kept:
        name = image_name(target.reference)
        allowed = {one.url: one for one in addresses(name, access_of(settings, target))}
        if argument.address not in allowed:
            raise GateError("is no address of the image's registry", path=argument.address[:100])
        session.kept[known] = repository_at(allowed[argument.address], name)
    repository: ImageRepository = session.kept[known]
    return repository


def _name(session: WorkerSession, asked: str) -> str:
    """Return a tag or digest that may be asked for: the image's own tag, digests, and the tags that stand for them."""
    target = session.permit.target
    own = image_name(target.reference).reference if isinstance(target, Image) else None
    if asked != own and not _DIGEST.fullmatch(asked) and not _TAG_OF_DIGEST.fullmatch(asked):
        raise GateError("is no tag of the image", path=asked[:100])
    return asked
