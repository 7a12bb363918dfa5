"""How `gate/ci/gitlab/` puts a definition together, compared with what `gitlab-ci-local` makes of it."""

import yaml

from gate.ci.gitlab.pipelines import GitlabDefinitions
from gate.model import Tree
from gate.trees import open_tree

FILES = {
    ".gitlab-ci.yml": """\
include:
  - local: ci/base.yml
  - local: ci/more/*.yml
  - local: ci/component.yml
    inputs:
      name: lint
      image: "image:lint"
default:
  image: image:default
  before_script: [echo default]
  tags: [docker]
variables:
  GLOBAL: one
  SHARED: global
stages: [build, test, deploy]
.mixin: {variables: {A: mixin, B: mixin}, script: [echo mixin]}
.second:
  extends: .mixin
  variables: {B: second}
.anchor: &anchor
  stage: build
  script:
    - echo anchor
build:
  extends: [.base, .second]
  variables: {SHARED: build}
anchored:
  <<: *anchor
  after_script: [echo after]
referring:
  stage: test
  image: image:own
  script:
    - !reference [.mixin, script]
    - - echo nested
      - echo twice
    - |
      echo block
      echo lines
  variables: !reference [.second, variables]
bare:
  stage: deploy
  inherit: {default: false}
  script: [echo bare]
some:
  stage: deploy
  inherit: {default: [tags]}
  script: [echo some]
base-job:
  image: image:outer
""",
    "ci/base.yml": """\
include: /ci/more/deep.yml
.base:
  stage: build
  image: image:base
  variables: {A: base, C: base}
  script: [echo base]
base-job:
  extends: .base
  image: image:inner
  script: [echo inner]
""",
    "ci/more/deep.yml": """\
deep: {stage: test, script: [echo deep]}
""",
    "ci/component.yml": """\
spec:
  inputs:
    name:
    image: {default: "image:none"}
    stage: {default: test}
---
"$[[ inputs.name ]]":
  stage: $[[ inputs.stage ]]
  image: $[[ inputs.image ]]
  script: ["echo $[[ inputs.name ]]"]
""",
}
COMPARED = ("script", "before_script", "after_script", "variables")
"""Keys that the other program prints as it runs them; it leaves default tags out."""


def test_jobs_are_those_that_gitlab_ci_local_makes_of_the_same_files(make_repository, run) -> None:
    repository = make_repository(FILES)
    repository.git("remote", "add", "origin", "git@gitlab.example:group/shop.git")
    made = run("gitlab-ci-local", "--preview", cwd=repository.folder)
    assert made.returncode == 0, made.stderr
    theirs = {name: job for name, job in yaml.safe_load(made.stdout).items() if name not in ("stages", "variables")}

    definitions = GitlabDefinitions(open_tree(Tree(name=".", root=str(repository.folder))))
    definitions.add(".gitlab-ci.yml")
    (pipeline,) = definitions.pipelines
    assert not definitions.errors
    ours = {job.name: job.value.plain() for job in pipeline.jobs}
    assert ours.keys() == theirs.keys()
    for name, job in theirs.items():
        own = ours[name]
        assert isinstance(own, dict)
        image = job.get("image", {}).get("name")
        assert (name, own.get("image")) == (name, image)
        assert {key: _flat(own[key]) for key in COMPARED if key in own} == {
            key: job[key] for key in COMPARED if key in job
        }


def _flat(value: object) -> object:
    """Return a script without lists in lists, which GitLab lays flat."""
    if not isinstance(value, list):
        return value
    found: list[object] = []
    for one in value:
        inner = _flat(one)
        found += inner if isinstance(inner, list) else [inner]
    return found
