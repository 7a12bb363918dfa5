"""Follows Compose and bake files to the Dockerfiles, stages and build arguments that they name."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.core.errors import GateError, LimitError
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import decode
from gate.dockerfile import bake, compose
from gate.dockerfile.definition import MAX_ARGUMENTS, MAX_CONTEXTS, Definition, InlineText
from gate.dockerfile.definition_names import BAKE
from gate.dockerfile.rule import ON_DOCKERFILES
from gate.dockerfile.targets import Targets
from gate.dockerfile.variant import PLAIN, NamedContext, Variant
from gate.model import Finding, Severity, StageError
from gate.rules import Hit, finding_of
from gate.trees import EntryKind, FileTree, join, resolve

MAX_SIZE = 1 << 20
"""Bytes of a Compose or bake file."""
MAX_VARIANTS = 8
"""Ways of building one Dockerfile that are judged; what is beyond is named in the facts."""

MISSING = ON_DOCKERFILES.without_check(
    "GD090",
    Severity.LOW,
    "Named Dockerfile does not exist",
    module=__name__,
    why="A Compose or bake file builds from a Dockerfile that is not in the repository: the build fails, or anyone who "
    "adds a file there decides what is built, without a review.",
    mend="Correct `context` and `dockerfile`, or add the file.",
    references=("CWE-1357",),
    bad="services: {api: {build: ./no-such-folder}}",
    good="services: {api: {build: ./api}}",
)

NO_SUCH_TARGET = ON_DOCKERFILES.without_check(
    "GD092",
    Severity.LOW,
    "Build target that does not exist",
    module=__name__,
    why="A Compose or bake file asks for a build stage that is not there: the build fails, or a stage of that name is "
    "added later and builds what was never reviewed.",
    mend="Correct `target`, or name the stage: FROM image AS target.",
    references=("https://docs.docker.com/build/building/multi-stage/",),
    bad="services: {api: {build: {context: ., target: no-such-stage}}}",
    good="services: {api: {build: {context: ., target: api}}}  # FROM debian:12 AS api",
)

_ADDRESS = lazy_regex(
    r"[a-z][a-z0-9+.-]*://|git@|github\.com/|docker-image:|target:|service:|oci-layout:", re.IGNORECASE
)
_IMAGE = "docker-image:"


class Inline(msgspec.Struct, frozen=True):
    """A Dockerfile that stands in a Compose or bake file."""

    path: str
    content: InlineText
    variant: Variant


class Definitions(msgspec.Struct, kw_only=True):
    """All that the Compose and bake files of a tree say."""

    variants: dict[str, list[Variant]] = {}
    """Dockerfile to the ways in which it is built."""
    inline: list[Inline] = []
    findings: list[Finding] = []
    errors: list[StageError] = []
    not_followed: list[str] = []
    """What leads out of the tree or is not known before the build, in words."""

    @property
    def has_something_to_say(self) -> bool:
        """True if there is a build to check or to report."""
        return any((self.inline, self.findings, self.errors, self.not_followed))


def read_definitions(tree: FileTree, paths: Iterable[str], target: str) -> Definitions:
    """Read the files at `paths` and those that they take services from; one that cannot be read is an error.

    `target` is for locations.
    """
    found, targets = Definitions(), Targets(tree)
    waiting = list(paths)
    known = set(waiting)
    for path in waiting:  # which grows by what the files name
        try:
            text = decode(tree.read(path, MAX_SIZE)).text
            definitions = _read(text, path)
            named = [file for file in _named(found, tree, text, path) if file not in known]
        except GateError as error:
            found.errors.append(_error(error, path))
            continue
        waiting += dict.fromkeys(named)
        known.update(named)
        for definition in definitions:
            _follow(found, tree, targets, path, definition, target)
    return found


def _is_bake(path: str) -> bool:
    return BAKE.fullmatch(path.rpartition("/")[2]) is not None


def _named(found: Definitions, tree: FileTree, text: str, path: str) -> Iterator[str]:
    """Yield the Compose files that a Compose file takes services from; the others go to `found.not_followed`."""
    for one in () if _is_bake(path) else compose.read_named_files(text, path):
        place = None if one.path is None or _leads_out(one.path) else join(path.rpartition("/")[0], one.path)
        entry = resolve(tree, place) if place else None
        if entry is not None and entry.kind is EntryKind.FILE:
            yield entry.path
        else:
            why = "is known at build time only" if one.path is None else f"{one.path} is no file of the repository"
            found.not_followed.append(f"{path}:{one.line}: what it includes: {why}")


def _read(text: str, path: str) -> Sequence[Definition]:
    found = bake.read_bake(text, path) if _is_bake(path) else compose.read_compose(text, path)
    for one in found:
        if len(one.arguments) > MAX_ARGUMENTS or len(one.contexts) > MAX_CONTEXTS:
            most = f"{MAX_ARGUMENTS:,} arguments or {MAX_CONTEXTS} contexts"
            raise LimitError(f"{one.name} has more than {most}", path=f"{path}:{one.line}")
    return found


def _error(error: GateError, path: str) -> StageError:
    return StageError(
        title=error.message,
        message=error.hint or "Correct it, or list it under stages.dockerfile.ignore in gate.yaml",
        path=error.path or path,
    )


def _follow(
    found: Definitions, tree: FileTree, targets: Targets, path: str, definition: Definition, target: str
) -> None:
    variant = _variant_of(tree, path, definition)
    if definition.inline is not None:
        if variant.target and not targets.text_has(definition.inline.text.encode(), variant.target):
            variant = _without_target(found, variant, path, definition, target)
        found.inline.append(Inline(path, definition.inline, variant))
        return
    dockerfile = _dockerfile_of(path, definition)
    if dockerfile is None:
        found.not_followed.append(f"{path}:{definition.line}: {definition.name}: {_why(definition)}")
        return
    entry = resolve(tree, dockerfile)
    if entry is not None and entry.kind is EntryKind.FILE:
        if variant.target and not targets.file_has(entry.path, variant.target):
            variant = _without_target(found, variant, path, definition, target)
        _add_variant(found, entry.path, variant, f"{path}:{definition.line}: {definition.name}")
    elif not definition.is_base:
        found.findings.append(_missing(path, definition, dockerfile, target))


def _variant_of(tree: FileTree, path: str, definition: Definition) -> Variant:
    return Variant(
        definition.arguments,
        definition.target,
        _folder_of(tree, path, definition.context),
        {name.lower(): _named_context(tree, path, value) for name, value in definition.contexts.items()},
    )


def _folder_of(tree: FileTree, path: str, context: str | None) -> str | None:
    """Return the folder of the tree that a context is, its links followed; None if it is none that can be known."""
    if context is None or _leads_out(context):
        return None
    place = join(path.rpartition("/")[0], context)
    entry = resolve(tree, place) if place else None
    if entry is None:
        return place
    return entry.path if entry.kind is EntryKind.FOLDER else None


def _leads_out(place: str) -> bool:
    return bool(_ADDRESS.match(place)) or place.startswith(("/", "~"))


def _named_context(tree: FileTree, path: str, value: str | None) -> NamedContext:
    if value is not None and value.startswith(_IMAGE):
        return NamedContext(image=value.removeprefix(_IMAGE).removeprefix("//"))
    return NamedContext(folder=_folder_of(tree, path, value))


def _without_target(found: Definitions, variant: Variant, path: str, definition: Definition, target: str) -> Variant:
    """Say that the target is not there, and go on with the last stage."""
    if not definition.is_base:
        found.findings.append(_no_such_target(path, definition, target))
    return msgspec.structs.replace(variant, target=None)


def _dockerfile_of(path: str, definition: Definition) -> str | None:
    """Return the Dockerfile's path in the tree, or None if it is not in there or not known."""
    context, dockerfile = definition.context, definition.dockerfile
    if context is None or dockerfile is None or _leads_out(context) or dockerfile.startswith(("/", "~")):
        return None
    return join(path.rpartition("/")[0], posixpath.join(context, dockerfile)) or None


def _why(definition: Definition) -> str:
    if definition.context is None or definition.dockerfile is None:
        return "what it builds is known at build time only"
    if _ADDRESS.match(definition.context):
        return "the context is not a folder"
    return "it leads out of the repository"


def _add_variant(found: Definitions, dockerfile: str, variant: Variant, said_by: str) -> None:
    variants = found.variants.setdefault(dockerfile, [])
    if variant in variants:
        return
    if len(variants) == MAX_VARIANTS:
        found.not_followed.append(f"{said_by}: {dockerfile} is judged in {MAX_VARIANTS} variants already")
    else:
        variants.append(variant)


def variants_of(definitions: Definitions) -> dict[str, tuple[Variant, ...]]:
    """Return the variants to judge each Dockerfile in: those that are named, and always one of the last stage."""
    return {path: tuple(_with_last_stage(variants)) for path, variants in definitions.variants.items()}


def _with_last_stage(variants: list[Variant]) -> Iterator[Variant]:
    if all(variant.target is not None for variant in variants):
        yield msgspec.structs.replace(variants[0], target=None) if variants else PLAIN
    yield from variants


def _missing(path: str, definition: Definition, dockerfile: str, target: str) -> Finding:
    message = f"{definition.name} is built from {dockerfile}, which does not exist"
    hit = Hit(message=message, line=definition.line, evidence=(definition.name, dockerfile))
    return finding_of(MISSING, hit, target, path=path)


def _no_such_target(path: str, definition: Definition, target: str) -> Finding:
    stage = str(definition.target)
    message = f"{definition.name} is built up to the stage {stage}, which does not exist in the Dockerfile"
    hit = Hit(message=message, line=definition.target_line or definition.line, evidence=(definition.name, stage))
    return finding_of(NO_SUCH_TARGET, hit, target, path=path)
