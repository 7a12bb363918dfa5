"""How a rule on Kubernetes is written: its text, what it is asked of, and a check that yields hits.

Ids: PSS-… for the controls of the Pod Security Standards, GK0xx workloads, GK1xx roles, GK2xx secrets, GK3xx network,
GK4xx Compose files and the Docker host. `bad` and `good` are manifests, Compose files or files of a host; an example
of YAML without `apiVersion` or `services` is the spec of a pod.
"""

from gate.declarations.kubernetes import KUBERNETES
from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.daemon import DockerDaemon
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.namespaces import Namespace
from gate.kubernetes.objects import KubernetesObject, PodTemplate
from gate.kubernetes.roles import Power
from gate.kubernetes.secret_keeping import SecretKeeping
from gate.kubernetes.workloads import Workload
from gate.model import RuleDescription
from gate.rules import RuleScope, RuleSet

STAGE = KUBERNETES.name
STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"

PODS = RuleScope(PodTemplate)
"""Each pod that an object is or makes."""
WORKLOADS = RuleScope(Workload)
"""Each pod with what the settings and the other objects of the repository say of it."""
SECRET_KEEPING = RuleScope(SecretKeeping)
"""How the whole repository keeps secrets, once."""
POWERS = RuleScope(Power)
"""Each power that a subject has by the roles of the whole repository."""
OBJECTS = RuleScope(KubernetesObject)
"""Each object of a manifest."""
NAMESPACES = RuleScope(Namespace)
"""Each namespace that a manifest defines, with its pods."""
DOCKER_CONTAINERS = RuleScope(DockerContainer)
"""Each service of a Compose file, and each container of a Docker daemon."""
HOST_FILES = RuleScope(HostFile)
"""Each Compose file with all its services, and each daemon with all its containers."""
DOCKER_DAEMONS = RuleScope(DockerDaemon)
"""What a file states of a Docker daemon, and what a running one says of itself."""


def _page(text: RuleDescription) -> str | None:
    return STANDARDS if text.id.startswith("PSS-") else None


ON_KUBERNETES = RuleSet(STAGE, "on Kubernetes", own="gate.kubernetes.rules", page=_page)
rule = ON_KUBERNETES.rule
"""Makes a check a rule."""
