"""Whole definitions: a root file with what it includes, and the child pipelines that its jobs start."""

from collections.abc import Iterator
from fnmatch import translate
from functools import cached_property
from re import compile as compile_pattern

from gate.ci.gitlab.documents import CiFile, NotADefinition, has_header, read_file
from gate.ci.gitlab.extending import Resolution, defaults_of, with_defaults
from gate.ci.gitlab.includes import GitlabInclude, includes_of
from gate.ci.gitlab.inputs import SpecifiedInput, with_inputs
from gate.ci.gitlab.jobs import GitlabJob, GitlabPipeline
from gate.ci.gitlab.merging import laid_over, with_keys
from gate.core.errors import ConfigError, GateError, LimitError, as_stage_error
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import StageError
from gate.trees import EntryKind, FileTree
from gate.trees.base import file_paths

MAX_FILES = 150
"""Files that one definition includes, GitLab's own bound."""
MAX_SCRIPTS = 4_000_000
"""Characters of the scripts of one definition's jobs."""
MAX_NESTING = 100
"""Includes in includes."""
MAX_PIPELINES = 2_000
"""GitlabDefinitions of one repository, child pipelines among them."""
ROOT = ".gitlab-ci.yml"
_TEMPLATES = "templates"
_COMPONENT = lazy_regex(r"templates/(?:[^/]+\.yml|[^/]+/template\.yml)")
NO_JOBS = frozenset(
    {
        *("default", "include", "spec", "stages", "types", "variables", "workflow", "image", "services", "cache"),
        *("before_script", "after_script"),
    }
)
"""Keys at the top of a file that are no jobs."""


class GitlabDefinitions:
    """All definitions of one repository, as far as it holds them."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._files: dict[str, CiFile | None] = {}
        self.pipelines: list[GitlabPipeline] = []
        self.errors: list[StageError] = []
        self.not_resolved: list[str] = []
        self._roots: set[str] = set()

    @property
    def files(self) -> int:
        """How many files were read."""
        return sum(one is not None for one in self._files.values())

    @cached_property
    def paths(self) -> list[str]:
        """Every file of the repository."""
        return file_paths(self._tree)

    def components(self) -> list[str]:
        """Return the components that the repository has for others: files of `templates/` that declare `spec`."""
        if not self._is_file(ROOT) or self._tree.look_up(_TEMPLATES) is None:
            return []
        found = [path for path in self.paths if path.startswith(_TEMPLATES) and _COMPONENT.fullmatch(path)]
        return [path for path in found[:MAX_FILES] if not self.is_included(path) and has_header(self._tree, path)]

    def is_included(self, path: str) -> bool:
        """True if a definition that was added before names the file."""
        return path in self._files

    def add(self, path: str) -> None:
        """Add the definition that a file is, and the child pipelines that it starts."""
        waiting: list[tuple[tuple[str, ...], GitlabJob | None, Value | None]] = [((path,), None, None)]
        while waiting and len(self.pipelines) < MAX_PIPELINES:
            paths, parent, inputs = waiting.pop(0)
            key = "\n".join(paths)
            if key in self._roots:
                continue
            self._roots.add(key)
            pipeline = self._pipeline(paths, parent, inputs)
            if pipeline is not None:
                self.pipelines.append(pipeline)
                waiting += self._children(pipeline)

    def _children(self, pipeline: GitlabPipeline) -> Iterator[tuple[tuple[str, ...], GitlabJob, Value | None]]:
        for job in pipeline.jobs:
            for include in job.child_includes:
                for path in self._found(include, job.value.path == ROOT):
                    yield (path,), job, include.inputs

    def read(self, path: str) -> CiFile | None:
        """Return a file, read once; None if it cannot be read, which is an error, or is something else, a fact."""
        if path not in self._files:
            self._files[path] = None
            try:
                self._files[path] = read_file(self._tree, path)
            except NotADefinition as reason:
                self.not_resolved.append(f"{path}: {reason}")
            except GateError as error:
                self.errors.append(as_stage_error(error, path))
        return self._files[path]

    def _pipeline(self, paths: tuple[str, ...], parent: GitlabJob | None, given: Value | None) -> GitlabPipeline | None:
        assembly = _Assembly(self, is_root=paths[0] == ROOT or parent is not None)
        root: Value | None = None
        for path in paths:
            content = assembly.content(path, given, ())
            root = laid_over(root, content) if content is not None else root
        if root is None:
            return None
        resolution = Resolution(root, is_complete=assembly.is_complete and assembly.is_root)
        resolved = resolution.resolved()
        self.errors += [as_stage_error(error) for error in (*assembly.errors, *resolution.errors)]
        self.not_resolved += [*assembly.not_resolved, *resolution.not_resolved]
        first = self.read(paths[0])
        inputs: dict[str, SpecifiedInput] = first.inputs if first is not None else {}
        pipeline = GitlabPipeline(
            path=paths[0], root=resolved, includes=tuple(assembly.includes), parent=parent, inputs=inputs
        )
        pipeline.jobs = list(self._bounded(pipeline, _jobs(pipeline, resolved, resolution.used)))
        return pipeline

    def _bounded(self, pipeline: GitlabPipeline, jobs: Iterator[GitlabJob]) -> Iterator[GitlabJob]:
        """Yield the jobs up to a size of all their scripts, those that they inherit counted each time."""
        size = 0
        for job in jobs:
            size += len(job.script_text)
            if size > MAX_SCRIPTS:
                problem = f"its jobs have more than {MAX_SCRIPTS:,} characters of scripts"
                self.errors.append(as_stage_error(LimitError(problem, path=pipeline.path)))
                return
            yield job

    def found(self, include: GitlabInclude, is_root: bool) -> list[str]:
        """Return the files of the repository that an include names."""
        return self._found(include, is_root)

    def _found(self, include: GitlabInclude, is_root: bool) -> list[str]:
        if not include.local_paths:
            self.not_resolved.append(f"{include.place}: {include.kind} {_named(include)}")
            return []
        if include.is_pattern:
            pattern = compile_pattern(_glob(include.local_paths[0]))
            return sorted(path for path in self.paths if pattern.fullmatch(path))
        there = [path for path in include.local_paths if self._is_file(path)]
        if include.kind == "component":
            there = there[:1]
        if there:
            return there
        self._say_missing(include, is_root)
        return []

    def _say_missing(self, include: GitlabInclude, is_root: bool) -> None:
        if include.has_variable or include.is_conditional or not is_root:
            self.not_resolved.append(f"{include.place}: {include.kind} {_named(include)} is not in the repository")
            return
        hint = "Add the file, or take the include away: GitLab refuses the pipeline"
        error = ConfigError(f"includes {_named(include)}, which does not exist", path=include.place, hint=hint)
        self.errors.append(as_stage_error(error))

    def _is_file(self, path: str) -> bool:
        entry = self._tree.look_up(path) if path and ".." not in path.split("/") else None
        return entry is not None and entry.kind is EntryKind.FILE


def _named(include: GitlabInclude) -> str:
    version = f"@{include.reference}" if include.reference else ""
    return f"{include.name}{version}"


def _glob(pattern: str) -> str:
    """Return a pattern of GitLab's, in which `**` goes through folders and `*` does not."""
    parts = [translate(part).removeprefix("(?s:").removesuffix(r")\Z") for part in pattern.split("**")]
    return ".*".join(part.replace(".*", "[^/]*") for part in parts)


class _Assembly:
    """One definition while its includes are put together."""

    def __init__(self, definitions: GitlabDefinitions, is_root: bool) -> None:
        self._definitions = definitions
        self.is_root = is_root
        """True for what GitLab reads by itself: a missing include is an error there."""
        self.includes: list[GitlabInclude] = []
        self.errors: list[GateError] = []
        self.not_resolved: list[str] = []
        self.is_complete = True
        """False if an include lies elsewhere: what is defined nowhere may be there."""
        self._count = 0

    def content(self, path: str, given: Value | None, way: tuple[str, ...]) -> Value | None:
        """Return a file's content laid over what it includes; None if it cannot be read."""
        file = self._definitions.read(path)
        if file is None:
            self.is_complete = False
            return None
        body = with_inputs(file.body, file.inputs, given)
        below: Value | None = None
        for include in includes_of(body.get("include")):
            self.includes.append(include)
            for one in self._of(include, (*way, path)):
                below = one if below is None else laid_over(below, one)
        own = {key: value for key, value in body.items() if key != "include"}
        return laid_over(below, with_keys(body, own))

    def _of(self, include: GitlabInclude, way: tuple[str, ...]) -> Iterator[Value]:
        found = self._definitions.found(include, self.is_root)
        self.is_complete = self.is_complete and bool(found) and not include.has_variable
        for path in found:
            self._count += 1
            if path in way or len(way) > MAX_NESTING:
                chain = " → ".join((*way, path))
                self.errors.append(ConfigError(f"includes come back to themselves: {chain}", path=include.place))
            elif self._count > MAX_FILES:
                self.errors.append(LimitError(f"includes more than {MAX_FILES} files", path=include.place))
                return
            else:
                content = self.content(path, include.inputs, way)
                if content is not None:
                    yield content


def _jobs(pipeline: GitlabPipeline, root: Value, used: set[str]) -> Iterator[GitlabJob]:
    """Yield the jobs; a hidden one that no other uses, by name or by an alias, is for other repositories."""
    defaults = defaults_of(root)
    shown = (value for name, value in root.items() if not name.startswith("."))
    shared = {id(part) for value in shown for _, part in value.items()}
    for name, value in root.items():
        if name in NO_JOBS or not isinstance(value.data, dict):
            continue
        is_merged = any(id(part) in shared for _, part in value.items())
        if name.startswith(".") and (is_merged or name in used or not _is_job(value)):
            continue
        yield GitlabJob(name, with_defaults(value, defaults), pipeline)


def _is_job(value: Value) -> bool:
    return any(
        value.get(key) is not None for key in ("script", "trigger", "before_script", "image", "services", "rules")
    )
