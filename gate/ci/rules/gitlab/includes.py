"""What a definition takes from elsewhere: it decides which jobs run, with the secrets of this project."""

from collections.abc import Iterator

from gate.ci.gitlab.includes import GitlabInclude
from gate.ci.references import is_commit, moves
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import INCLUDES, hit_at
from gate.ci.user_text import user_text_in
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.trusted_ways import is_protected
from gate.model import Severity
from gate.rules import Hit

_WHY = "Anyone who can change it adds jobs to this pipeline, which run with its secrets and protected variables."
_COMMIT_IN_PATH = lazy_regex(r"/[0-9a-f]{40}/")
_PART_OF_VERSION = lazy_regex(r"v?\d+")
"""Of two numbers it may be a whole tag: `25.5`."""
_LATEST = "~latest"


def _is_literal(text: str) -> bool:
    return "$" not in text


@rule(
    "GC200",
    Severity.MEDIUM,
    "Remote include that can change",
    looks_at=INCLUDES,
    why=_WHY,
    mend="Add integrity: sha256-…, the digest of the file; or take a copy into the repository.",
    references=("CWE-829",),
    bad="include:\n  - remote: https://ci.example/build.yml\n",
    good="include:\n  - remote: https://ci.example/build.yml\n"
    "    integrity: sha256-L3/GAoKaw0Arw6hDCKeKQlV1QPEgHYxGBHsH4zG1IY8=\n",
)
def remote_include_can_change(include: GitlabInclude) -> Iterator[Hit]:
    is_pinned = include.value.text("integrity") or _COMMIT_IN_PATH.search(include.name)
    if include.kind == "remote" and not is_pinned and _is_literal(include.name):
        yield hit_at(include.value, f"includes {include.name} without a digest", include.name)


@rule(
    "GC201",
    Severity.HIGH,
    "Remote include without TLS",
    looks_at=INCLUDES,
    why="Anyone on the way to the server decides which jobs run here, with this project's secrets.",
    mend="Use https, and add integrity: sha256-….",
    references=("CWE-319",),
    bad="include: http://ci.example/build.yml\n",
    good="include: https://ci.example/build.yml\n",
)
def remote_include_without_tls(include: GitlabInclude) -> Iterator[Hit]:
    if include.kind == "remote" and include.name.lower().startswith("http://"):
        yield hit_at(include.value, f"includes {include.name} without TLS", include.name)


@rule(
    "GC202",
    Severity.HIGH,
    "Remote include from a place that anyone can write",
    looks_at=INCLUDES,
    why="Short links, pastes, tunnels and bare addresses say nothing of who decides which jobs run here.",
    mend="Take a copy into the repository.",
    references=("CWE-829",),
    bad="include:\n  remote: https://gist.githubusercontent.com/someone/1/raw/build.yml\n",
    good="include:\n  template: Jobs/Build.gitlab-ci.yml\n",
)
def remote_include_of_anyone(include: GitlabInclude) -> Iterator[Hit]:
    is_https = include.kind == "remote" and include.name.lower().startswith("https://")
    if is_https and _is_literal(include.name) and not is_protected(include.name):
        yield hit_at(include.value, f"includes {include.name}, where anyone can put anything", include.name)


@rule(
    "GC203",
    Severity.MEDIUM,
    "Include of another project's branch",
    looks_at=INCLUDES,
    why=_WHY,
    mend="Add ref: with the full id of a commit.",
    references=("CWE-829",),
    bad="include:\n  - project: platform/ci\n    file: build.yml\n",
    good="include:\n  - project: platform/ci\n    ref: 3f2504e04f8911d39a0c0305e82c33019a4d1a2b\n    file: build.yml\n",
)
def include_of_a_branch(include: GitlabInclude) -> Iterator[Hit]:
    if include.kind == "project" and not include.local_paths and moves(include.reference):
        where = f"at {include.reference}" if include.reference else "at its default branch"
        yield hit_at(include.value, f"includes {include.name} {where}", include.name, include.reference, *include.files)


@rule(
    "GC204",
    Severity.LOW,
    "Include of another project's tag or branch",
    looks_at=INCLUDES,
    why="Tags and branches can be moved; the id of a commit cannot.",
    mend="Write the full id of the commit that the tag names, and the tag as a comment.",
    references=("CWE-829",),
    bad="include:\n  - project: platform/ci\n    ref: v1.2.3\n    file: build.yml\n",
    good="include:\n  - project: platform/ci\n    ref: 3f2504e04f8911d39a0c0305e82c33019a4d1a2b # v1.2.3\n"
    "    file: build.yml\n",
)
def include_of_a_tag(include: GitlabInclude) -> Iterator[Hit]:
    reference = include.reference
    is_fixed = is_commit(reference) or moves(reference) or not _is_literal(reference)
    if include.kind == "project" and not include.local_paths and not is_fixed:
        yield hit_at(include.value, f"includes {include.name} at {reference}", include.name, reference, *include.files)


@rule(
    "GC205",
    Severity.MEDIUM,
    "Component of a version that moves",
    looks_at=INCLUDES,
    why=_WHY,
    mend="Write the full id of a commit behind the @, or a whole version.",
    references=("CWE-829",),
    bad="include:\n  - component: gitlab.com/platform/scan/scan@~latest\n",
    good="include:\n  - component: gitlab.com/platform/scan/scan@3f2504e04f8911d39a0c0305e82c33019a4d1a2b\n",
)
def component_moves(include: GitlabInclude) -> Iterator[Hit]:
    if include.kind != "component" or include.local_paths or not _is_literal(include.reference):
        return
    reference = include.reference
    if reference == _LATEST or moves(reference) or _PART_OF_VERSION.fullmatch(reference):
        yield hit_at(include.value, f"takes {include.name} at {reference or 'no version'}", include.name, reference)


@rule(
    "GC206",
    Severity.LOW,
    "Component at a version, not a commit",
    looks_at=INCLUDES,
    why="A version is a tag, which the component's owner can move; the id of a commit cannot be moved.",
    mend="Write the full id of the commit behind the @, and the version as a comment.",
    references=("CWE-829",),
    bad="include:\n  - component: gitlab.com/platform/scan/scan@1.2.3\n",
    good="include:\n  - component: gitlab.com/platform/scan/scan@3f2504e04f8911d39a0c0305e82c33019a4d1a2b\n",
)
def component_is_no_commit(include: GitlabInclude) -> Iterator[Hit]:
    reference = include.reference
    if include.kind != "component" or include.local_paths or not _is_literal(reference) or is_commit(reference):
        return
    if reference != _LATEST and not moves(reference) and not _PART_OF_VERSION.fullmatch(reference):
        yield hit_at(include.value, f"takes {include.name} at {reference}", include.name, reference)


@rule(
    "GC207",
    Severity.LOW,
    "Template that changes within a release",
    looks_at=INCLUDES,
    why="GitLab changes templates named `latest` at any time, so that jobs appear or end without a change here.",
    mend="Take the stable template, or set what you need from the other one yourself.",
    references=("CWE-1357",),
    bad="include:\n  - template: Jobs/SAST.latest.gitlab-ci.yml\n",
    good="include:\n  - template: Jobs/SAST.gitlab-ci.yml\n",
)
def template_is_latest(include: GitlabInclude) -> Iterator[Hit]:
    if include.kind == "template" and ".latest." in include.name:
        yield hit_at(include.value, f"includes the template {include.name}", include.name)


@rule(
    "GC208",
    Severity.MEDIUM,
    "Pipeline that a job writes itself",
    looks_at=INCLUDES,
    why="A program decides at run time which jobs run: no review and no check of this file sees them.",
    mend="Let the child pipeline be a file of the repository, and choose its jobs by rules and inputs.",
    references=("CWE-94",),
    bad="generate:\n  script: [make jobs.yml]\n  artifacts: {paths: [jobs.yml]}\n"
    "start:\n  trigger:\n    include:\n      - artifact: jobs.yml\n        job: generate\n",
    good="start:\n  trigger:\n    include:\n      - template: Jobs/Build.gitlab-ci.yml\n",
)
def pipeline_is_written_by_a_job(include: GitlabInclude) -> Iterator[Hit]:
    if include.kind == "artifact":
        job = include.value.text("job")
        yield hit_at(
            include.value, f"starts the jobs that {job or 'a job'} writes to {include.name}", include.name, job
        )


@rule(
    "GC209",
    Severity.MEDIUM,
    "Include that others choose",
    looks_at=INCLUDES,
    why="The author of a branch, tag or merge request chooses its name, and so which definition runs.",
    mend="Name the file, and choose between files by `rules` of the include.",
    references=("CWE-73",),
    bad="include:\n  - local: ci/$CI_COMMIT_REF_NAME.yml\n",
    good='include:\n  - local: ci/release.yml\n    rules:\n      - if: $CI_COMMIT_REF_PROTECTED == "true"\n',
)
def include_is_chosen_by_others(include: GitlabInclude) -> Iterator[Hit]:
    text = f"{include.name} {include.reference}"
    names = list(dict.fromkeys(user_text_in(text)))
    if names and include.kind != "artifact":
        yield hit_at(include.value, f"{', '.join(names)} chooses what is included", text)
