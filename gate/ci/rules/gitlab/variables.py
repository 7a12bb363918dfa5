"""Variables that print secrets, hold them, or switch checks off."""

from collections.abc import Iterator

from gate.ci.gitlab.jobs import GitlabVariable
from gate.ci.rule import rule
from gate.ci.rules.gitlab.scopes import VARIABLES, hit_at
from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.rules.verification import is_switched_off
from gate.dockerfile.secret_words import is_literal, is_secret_name, severity_of
from gate.model import Severity
from gate.rules import Hit

_TRUE = ("true", "1", "yes")
_OFF = '"false"'
_SCAN_SWITCHES = lazy_regex(
    r"(?:SAST|SECRET_DETECTION|DEPENDENCY_SCANNING|CONTAINER_SCANNING|DAST|COVERAGE_FUZZING|API_FUZZING|LICENSE_MANAGEMENT)"
    r"_DISABLED"
)
_ANALYZERS = ("SECURE_ANALYZERS_PREFIX", "SAST_ANALYZER_IMAGE_PREFIX", "CS_ANALYZER_IMAGE", "DS_ANALYZER_IMAGE_PREFIX")
_GITLABS_OWN = ("registry.gitlab.com/", "$CI_", "${CI_")
_ADDRESSES = frozenset({"CI_SERVER_URL", "CI_SERVER_HOST", "CI_SERVER_FQDN", "CI_API_V4_URL", "CI_API_GRAPHQL_URL"})
_OF_TESTS = lazy_regex(
    r"(?:POSTGRES|MYSQL|MARIADB|MSSQL|MONGO|REDIS|RABBITMQ|DB|DATABASE|PG|SQL|TEST|TESTS|DUMMY|FAKE|CYPRESS|E2E|LDAP)\w*|.*_TEST"
)
"""Names of variables for services that live as long as a job."""
_OPENS_NOTHING = lazy_regex(
    r"(?:\d{1,6}|[a-z]{1,12}|[\w.-]*(?:test|dummy|example|changeme|not-?secret|fake)[\w.-]*)", 2
)
"""Numbers, single words and values that say themselves that they open nothing."""
_MAX_WORD = 200
"""Characters; nothing longer is such a value, and the pattern is not linear."""


@rule(
    "GC230",
    Severity.HIGH,
    "Debug trace prints every secret",
    looks_at=VARIABLES,
    why="The runner writes every command and every variable into the log, protected ones and tokens too.",
    mend="Remove the variable. To debug, set it for one pipeline and delete the job's log after it.",
    references=("CWE-532",),
    bad='variables:\n  CI_DEBUG_TRACE: "true"\n',
    good='variables:\n  CI_DEBUG_TRACE: "false"\n',
)
def debug_trace(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name == "CI_DEBUG_TRACE" and variable.text.lower() in _TRUE:
        yield hit_at(variable.value, "CI_DEBUG_TRACE writes all variables into the log", variable.name, instead=_OFF)


@rule(
    "GC231",
    Severity.MEDIUM,
    "Logs of services are printed",
    looks_at=VARIABLES,
    why="What services write, passwords that they are started with too, comes into the job's log without being hidden.",
    mend="Remove CI_DEBUG_SERVICES.",
    references=("CWE-532",),
    bad='variables:\n  CI_DEBUG_SERVICES: "true"\n',
    good='variables:\n  CI_DEBUG_SERVICES: "false"\n',
)
def debug_services(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name == "CI_DEBUG_SERVICES" and variable.text.lower() in _TRUE:
        yield hit_at(
            variable.value, "CI_DEBUG_SERVICES writes what services say into the log", variable.name, instead=_OFF
        )


@rule(
    "GC232",
    Severity.MEDIUM,
    "Secret in a definition",
    looks_at=VARIABLES,
    why="Everyone who can read the repository has it, and it stays in the history.",
    mend="Replace it, and keep the new one as a masked and protected variable of the project, or in a vault.",
    references=("CWE-798",),
    bad="variables:\n  DEPLOY_PASSWORD: hunter2-Zx9\n",
    good="variables:\n  DEPLOY_PASSWORD: $PASSWORD_OF_PROJECT\n",
)
def secret_in_variable(variable: GitlabVariable) -> Iterator[Hit]:
    is_secret = is_secret_name(variable.name) and is_literal(variable.text) and not _OF_TESTS.fullmatch(variable.name)
    opens_nothing = len(variable.text) < _MAX_WORD and _OPENS_NOTHING.fullmatch(variable.text)
    if is_secret and not opens_nothing and severity_of(variable.text) is None:
        yield hit_at(variable.value, f"{variable.name} is written down", variable.name)


@rule(
    "GC233",
    Severity.MEDIUM,
    "Verification is switched off for all commands",
    looks_at=VARIABLES,
    why="Every command of the job accepts anything that poses as the server or the publisher.",
    mend="Give the missing authority: a variable of type file, and GIT_SSL_CAINFO, NODE_EXTRA_CA_CERTS and the like.",
    references=("CWE-295",),
    bad='variables:\n  GIT_SSL_NO_VERIFY: "true"\n',
    good="variables:\n  GIT_SSL_CAINFO: $COMPANY_CA\n",
)
def verification_off_by_variable(variable: GitlabVariable) -> Iterator[Hit]:
    is_spelt_off = variable.name == "GIT_SSL_NO_VERIFY" and variable.text.lower() in ("false", "0", "")
    if is_switched_off(variable.name, variable.text) and not is_spelt_off and "$" not in variable.text:
        yield hit_at(
            variable.value, f"{variable.name}: {variable.text[:80]!r} switches verification off", variable.name
        )


@rule(
    "GC234",
    Severity.LOW,
    "Workspace of earlier jobs",
    looks_at=VARIABLES,
    why="What an earlier job left on the runner, of a merge request too, lies next to the code and may be run.",
    mend="Remove the variable: GitLab cleans the workspace.",
    references=("CWE-459",),
    bad="variables:\n  GIT_CLEAN_FLAGS: none\n",
    good="variables:\n  GIT_CLEAN_FLAGS: -ffdx\n",
)
def workspace_is_not_cleaned(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name == "GIT_CLEAN_FLAGS" and variable.text == "none":
        yield hit_at(
            variable.value, "GIT_CLEAN_FLAGS: none keeps what earlier jobs left", variable.name, instead="-ffdx"
        )


@rule(
    "GC235",
    Severity.MEDIUM,
    "Security scan is switched off",
    looks_at=VARIABLES,
    why="The template is included, and the scan that it promises does not run.",
    mend="Remove the variable; to leave paths out, name them in the scan's own settings.",
    references=("CWE-693",),
    bad='variables:\n  SECRET_DETECTION_DISABLED: "true"\n',
    good="variables:\n  SECRET_DETECTION_EXCLUDED_PATHS: tests/data\n",
)
def scan_is_switched_off(variable: GitlabVariable) -> Iterator[Hit]:
    if _SCAN_SWITCHES.fullmatch(variable.name) and variable.text.lower() in _TRUE:
        yield hit_at(variable.value, f"{variable.name} switches a security scan off", variable.name)


@rule(
    "GC236",
    Severity.LOW,
    "Scanners from another registry",
    looks_at=VARIABLES,
    why="Anyone who owns the registry decides what the security jobs find.",
    mend="Take GitLab's registry, or a proxy of it in the own group.",
    references=("CWE-829",),
    bad="variables:\n  SECURE_ANALYZERS_PREFIX: docker.io/someone/analyzers\n",
    good="variables:\n  SECURE_ANALYZERS_PREFIX: $CI_TEMPLATE_REGISTRY_HOST/security-products\n",
)
def scanners_from_elsewhere(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name in _ANALYZERS and variable.text and not variable.text.startswith(_GITLABS_OWN):
        yield hit_at(variable.value, f"{variable.name} takes scanners from {variable.text}", variable.text)


@rule(
    "GC237",
    Severity.MEDIUM,
    "GitLab's own address is replaced",
    looks_at=VARIABLES,
    why="Scripts and components send the job's token to this address.",
    mend="Give the other server a variable of its own.",
    references=("CWE-346",),
    bad="variables:\n  CI_API_V4_URL: https://api.example/v4\n",
    good="variables:\n  SHOP_API_URL: https://api.example/v4\n",
)
def address_is_replaced(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.name in _ADDRESSES and "$" not in variable.text:
        yield hit_at(variable.value, f"{variable.name} is replaced by {variable.text}", variable.name, variable.text)


@rule(
    "GC238",
    Severity.LOW,
    "Secret is asked for in a form",
    looks_at=VARIABLES,
    why="What a person types when starting a pipeline is shown on the pipeline's page and is not hidden in logs.",
    mend="Keep it as a masked variable of the project, or fetch it from a vault in the job.",
    references=("CWE-522",),
    bad='variables:\n  DEPLOY_PASSWORD:\n    value: ""\n    description: The password of the shop\n',
    good='variables:\n  DEPLOY_TARGET:\n    value: ""\n    description: The host of the shop\n',
)
def secret_is_asked_for(variable: GitlabVariable) -> Iterator[Hit]:
    if variable.is_asked and is_secret_name(variable.name) and not is_literal(variable.text):
        yield hit_at(variable.value, f"{variable.name} is typed by the person who starts the pipeline", variable.name)
