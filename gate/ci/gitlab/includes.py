"""What `include` and `trigger:include` name, and the files of it that lie in the repository.

GitLab's documentation: "CI/CD YAML syntax reference", `include`; "CI/CD components".
"""

from collections.abc import Iterator

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

KINDS = ("local", "project", "remote", "template", "component", "artifact")
_OWN_PROJECT = ("$CI_PROJECT_PATH", "${CI_PROJECT_PATH}")
_HOSTS = r"(?:\$CI_SERVER_FQDN|\$\{CI_SERVER_FQDN\}|\$CI_SERVER_HOST|\$\{CI_SERVER_HOST\})"
_OWN_COMPONENT = lazy_regex(rf"{_HOSTS}/(?:\$CI_PROJECT_PATH|\$\{{CI_PROJECT_PATH\}})/(?P<name>[\w/.-]+)@.*")
_GLOB = "*"


class GitlabInclude(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an include names."""

    kind: str
    """One of `KINDS`."""
    name: str
    """A path, an address, a project's path, a template or a component without its version."""
    files: tuple[str, ...] = ()
    """Of another project, the files."""
    reference: str = ""
    """Branch, tag, commit or version; empty: none is given."""
    value: Value
    """The include as it is written."""
    is_conditional: bool = False
    """True if it has `rules`."""
    starts_child: bool = False
    """True in a `trigger`: it defines a pipeline of its own."""

    @property
    def inputs(self) -> Value | None:
        return self.value.get("inputs") or self.value.get("with")

    @property
    def place(self) -> str:
        return f"{self.value.path}:{self.value.line}"

    @property
    def has_variable(self) -> bool:
        return "$" in self.name

    @property
    def local_paths(self) -> tuple[str, ...]:
        """The paths in the repository that it may name, the first that exists counts; empty if it lies elsewhere."""
        if self.kind == "local":
            return (self.name.lstrip("/"),)
        if self.kind == "project" and self.name in _OWN_PROJECT:
            return tuple(path.lstrip("/") for path in self.files)
        found = _OWN_COMPONENT.fullmatch(f"{self.name}@{self.reference}") if self.kind == "component" else None
        if found is None:
            return ()
        return (f"templates/{found['name']}.yml", f"templates/{found['name']}/template.yml")

    @property
    def is_pattern(self) -> bool:
        return _GLOB in self.name


def includes_of(value: Value | None, starts_child: bool = False) -> Iterator[GitlabInclude]:
    """Yield what an `include` names, in its order."""
    for one in value.elements() if value is not None else ():
        if isinstance(one.data, list):
            yield from includes_of(one, starts_child)
        elif isinstance(one.data, dict):
            yield from _of_mapping(one, starts_child)
        elif one.text():
            kind = "remote" if one.text().startswith(("https://", "http://")) else "local"
            yield GitlabInclude(kind=kind, name=one.text(), value=one, starts_child=starts_child)


def _of_mapping(value: Value, starts_child: bool) -> Iterator[GitlabInclude]:
    kind = next((kind for kind in KINDS if value.get(kind) is not None), None)
    if kind is None:
        return
    name, reference = value.text(kind), value.text("ref")
    if kind == "component":
        name, _, reference = name.partition("@")
    files = tuple(value.texts("file"))
    yield GitlabInclude(
        kind=kind,
        name=name,
        files=files,
        reference=reference,
        value=value,
        is_conditional=value.get("rules") is not None,
        starts_child=starts_child,
    )
