"""What the stages `ci` and `workspace` take by themselves: processor seconds, the least of some rounds.

python benchmarks/definitions.py
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gate.ci import gitlab
from gate.ci.rules import all_rules
from gate.ci.rules.scripts import JOBS
from gate.model import Tree
from gate.rules import ask
from gate.trees import Entry, open_tree
from gate.workspace.discovery import places_in
from gate.workspace.modelines import started_by_modelines

ROUNDS = 5
FILES = 500
SOURCES = 50_000
PIPELINE = """\
stages: [test, build, deploy]
default:
  image: python:3.12
  before_script:
    - pip install -r requirements.txt
lint:
  stage: test
  script:
    - ruff check .
unit-{n}:
  stage: test
  script:
    - pytest --junitxml report.xml
  artifacts:
    reports: {{junit: report.xml}}
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
build:
  stage: build
  image: docker:27
  services: ["docker:27-dind"]
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-{n}" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-{n}"
deploy:
  stage: deploy
  environment: production
  script:
    - kubectl set image deployment/shop shop="$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-{n}"
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      when: manual
"""


class Alike:
    """A tree of files that are all alike, which costs nothing to read."""

    def walk(self) -> Iterator[Entry]:
        return iter(())

    def look_up(self, path: str) -> Entry | None:
        return None

    def read(self, path: str, limit: int = 0) -> bytes:
        return b"int x;\n" * 400


def pipelines(root: Path) -> None:
    """Judge 500 GitLab files by all rules."""
    tree = open_tree(Tree(root=str(root), name="."))
    paths = [f"{n}/.gitlab-ci.yml" for n in range(FILES)]
    judged = gitlab.judge(tree, sorted(paths), ())
    shared = [rule for rule in all_rules() if rule.looks_at is JOBS]
    hits = [hit for job in judged.jobs for hit in ask(shared, job)]
    if judged.files != FILES or not judged.hits or hits:
        raise AssertionError(f"{judged.files} files, {len(judged.hits)} and {len(hits)} findings")


def places() -> None:
    """Look for formats of the stage `workspace` among 50,000 paths."""
    list(places_in(f"src/module{n % 300}/part{n}/file{n}.ts" for n in range(SOURCES)))


def modelines() -> None:
    """Look for editors' modelines in 50,000 sources."""
    started_by_modelines(Alike(), [f"src/{n}.c" for n in range(SOURCES)], lambda _: True)  # type: ignore[arg-type]


def least(run: Callable[[], None]) -> float:
    """Return the processor seconds of the fastest of some rounds."""
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        run()
        took.append(time.process_time() - before)
    return min(took)


def main() -> None:
    """Print a line a measurement."""
    with tempfile.TemporaryDirectory() as folder:
        for n in range(FILES):
            path = Path(folder, str(n), ".gitlab-ci.yml")
            path.parent.mkdir()
            path.write_text(PIPELINE.format(n=n))
        print(f"{FILES} GitLab files: {least(lambda: pipelines(Path(folder))):.2f} s")
    print(f"places among {SOURCES:,} paths: {least(places):.2f} s")
    print(f"modelines of {SOURCES:,} sources: {least(modelines):.2f} s")


if __name__ == "__main__":
    main()
