"""Containers that jobs start themselves: docker-in-docker, the runner's own daemon, builders that check nothing."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabImage, GitlabJob, GitlabVariable
from gate.ci.gitlab.purposes import commands_in
from gate.ci.gitlab.starting import MERGE_REQUEST, runs_unasked
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import IMAGES, JOBS, VARIABLES, hit_at, value_of
from gate.ci.shell_steps import command_hit
from gate.core.lazy_regex import lazy_regex
from gate.model import Severity
from gate.rules import Hit

_PLAIN = lazy_regex(r"tcp://[^/\s]+:2375/?")
_NESTED = lazy_regex(r"(?:.*/)?(?:docker|dind|docker-dind)(?::[^@]*dind.*|:.*|@.*)?|.*[-:/]dind(?:[-:@].*)?")
_DIND_SIGN = "dind"
_INSECURE = ("--insecure-registry", "--tls=false", "--tlsverify=false")
_BUILDERS = ("executor", "kaniko", "warmer")
_UNCHECKED = ("--insecure", "--insecure-pull", "--skip-tls-verify", "--skip-tls-verify-pull", "--insecure-registry")
_WITHOUT_TLS = "DOCKER_TLS_CERTDIR"


def _nested_docker(job: GitlabJob) -> GitlabImage | None:
    services = (image for image in job.images if image.is_service)
    return next((image for image in services if _DIND_SIGN in image.name and _NESTED.fullmatch(image.name)), None)


@rule(
    "GC220",
    Severity.MEDIUM,
    "Docker-in-docker without TLS",
    looks_at=JOBS,
    why="Every process in the job's network, tests and services too, is root of a privileged container by port 2375.",
    mend='Set DOCKER_HOST: tcp://docker:2376 and DOCKER_TLS_CERTDIR: "/certs".',
    references=("CWE-319", "CWE-306"),
    bad='job:\n  services: ["docker:27-dind"]\n  variables: {DOCKER_TLS_CERTDIR: ""}\n  script: [docker build .]\n',
    good='job:\n  services: ["docker:27-dind"]\n  variables: {DOCKER_TLS_CERTDIR: /certs}\n'
    "  script: [docker build .]\n",
)
def nested_docker_without_tls(job: GitlabJob) -> Iterator[Hit]:
    if _nested_docker(job) is None:
        return
    host, folder = job.variables.get("DOCKER_HOST"), job.variables.get(_WITHOUT_TLS)
    if folder is not None and folder.text == "":
        yield hit_at(folder.value, "docker-in-docker listens without TLS: DOCKER_TLS_CERTDIR is empty", _WITHOUT_TLS)
    elif host is not None and _PLAIN.fullmatch(host.text):
        yield hit_at(host.value, f"docker-in-docker is spoken to without TLS: {host.text}", host.text)


@rule(
    "GC221",
    Severity.LOW,
    "Docker-in-docker",
    looks_at=IMAGES,
    why="It needs a privileged runner: what runs in it can leave its container and meet the jobs of others.",
    mend="Build with buildah, BuildKit without root or Kaniko; or keep a runner of its own for these jobs.",
    references=("CWE-250",),
    bad='job:\n  services: ["docker:27-dind"]\n  script: [docker build .]\n',
    good="job:\n  image: quay.io/buildah/stable:v1.37.0\n  script: [buildah build .]\n",
)
def nested_docker(image: GitlabImage) -> Iterator[Hit]:
    is_rootless = "rootless" in image.name
    if image.is_service and _DIND_SIGN in image.name and not is_rootless and _NESTED.fullmatch(image.name):
        yield hit_at(image.value, f"{image.name} runs in a privileged container", image.name)


@rule(
    "GC222",
    Severity.MEDIUM,
    "Docker daemon that checks no certificates",
    looks_at=IMAGES,
    why="Anyone on the way to the registry decides which image is pulled and run, and reads what is pushed.",
    mend="Give the registry's certificate to the daemon: a file below /etc/docker/certs.d.",
    references=("CWE-295",),
    bad="job:\n  services:\n    - name: docker:27-dind\n      command: [--insecure-registry=registry.example]\n"
    "  script: [make]\n",
    good="job:\n  services:\n    - name: docker:27-dind\n"
    "      command: [--registry-mirror=https://registry.example]\n  script: [make]\n",
)
def daemon_checks_nothing(image: GitlabImage) -> Iterator[Hit]:
    command = image.value.get("command")
    for word in image.value.texts("command"):
        if command is not None and word.startswith(_INSECURE) and "localhost" not in word:
            yield hit_at(command, f"the daemon of {image.name} is started with {word}", image.name, word)


@rule(
    "GC223",
    Severity.MEDIUM,
    "Job that commands the runner's own Docker",
    looks_at=VARIABLES,
    why="The daemon's socket is root of the runner: the job reads the secrets and files of all jobs there.",
    mend="Build with buildah, BuildKit without root or Kaniko.",
    references=("CWE-250",),
    bad="variables:\n  DOCKER_HOST: unix:///var/run/docker.sock\n",
    good="variables:\n  DOCKER_HOST: tcp://docker:2376\n",
)
def runners_docker(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name == "DOCKER_HOST" and variable.text.startswith("unix:") and "docker.sock" in variable.text:
        yield hit_at(variable.value, f"jobs command the runner's own Docker by {variable.text}", variable.text)


@rule(
    "GC224",
    Severity.MEDIUM,
    "Image builder that checks no certificates",
    looks_at=JOBS,
    why="Anyone on the way to the registry decides which image the build begins with, and reads what is pushed.",
    mend="Remove the option; give the registry's certificate by --registry-certificate.",
    references=("CWE-295",),
    bad="job:\n  script: [/kaniko/executor --context . --skip-tls-verify --destination registry.example/shop]\n",
    good="job:\n  script: [/kaniko/executor --context . --destination registry.example/shop]\n",
)
def builder_checks_nothing(job: GitlabJob) -> Iterator[Hit]:
    if not any(map(job.script_text.__contains__, _BUILDERS)):
        return
    for script, command in commands_in(job):
        option = next((word for word in command.arguments if word.partition("=")[0] in _UNCHECKED), None)
        if command.program in _BUILDERS and option and not option.endswith("=false"):
            yield command_hit(script, command, f"the image builder is given {option}")


@rule(
    "GC225",
    Severity.LOW,
    "Code of any merge request next to a privileged container",
    looks_at=JOBS,
    why="A merge request changes what the job runs, and a privileged container is no border: the runner is the "
    "author's for that time.",
    mend="Leave the job out of merge requests, or keep a runner of its own for them.",
    references=("CWE-250",),
    bad='job:\n  services: ["docker:27-dind"]\n  script: [make]\n  rules:\n'
    '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    good='job:\n  services: ["docker:27-dind"]\n  script: [make]\n  rules:\n'
    "    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
)
def privileged_for_merge_requests(job: GitlabJob) -> Iterator[Hit]:
    service = _nested_docker(job)
    if service is not None and not job.is_hidden and runs_unasked(job, MERGE_REQUEST):
        place = value_of(job, "services")
        yield hit_at(place, f"{job.name} runs the code of merge requests next to {service.name}", service.name)
