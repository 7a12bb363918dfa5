"""Whether a secret is worth stopping a change for at the place where it stands."""

import re
from datetime import UTC, datetime, timedelta

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_vendored_path
from gate.model import Confidence, Worth
from gate.rules.hits import Weighed
from gate.rules.worth import where_no_image_ships, where_no_program_is, where_nothing_ships
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.triage.surroundings import OF_A_JOB, PIPELINE, PRODUCTION

_MADE_TO_TRY = (
    r"seed(?:s|ers)?|sample[-_]?data|factories|stubs?|fakes|pacts?|recordings|vcr|\.snapshots|bogo|corpus|\.ci"
)
_KINDS_OF_TESTS = (
    r"conformance|certification|suites|interop|tck|smoke|fuzz(?:ing)?|bench(?:marks?)?|perf|gatling|jmeter|locust|k6"
    r"|cypress|playwright|postman|insomnia|bruno|test[-_]?(?:utils?|kit|support|helpers?)"
)
_NAMED_AFTER = r"[^/]+[-_](?:examples?|samples?|demos?)|(?:examples?|samples?|demos?|tests?|mock)[-_][^/]+"
_FIRST_STEPS = (
    r"(?:[^/]+[-_])?(?:quick-?starts?|getting[-_]started|hello[-_]?world)|my[-_]?app|showcases?|poc|prototypes?|spikes?"
    r"|experiments?|(?:home|class|course)works?|workshops?|snippets|storybook|vagrant|localstack|minikube|hack"
)
_OF_TESTS = rf"{_MADE_TO_TRY}|{_KINDS_OF_TESTS}|{_NAMED_AFTER}|{_FIRST_STEPS}"
_FILES_OF_TESTS = (
    r"phpunit(?:\.[\w-]+)?\.xml(?:\.dist)?|Vagrantfile"
    r"|[^/]*\.(?:http|rest|feature|bru|jmx|stories\.[jt]sx?|postman_\w+\.json)|charts/[^/]+/ci/[^/]*values\.ya?ml"
)
"""Requests, scenarios and loads that are written down for a program; values that `ct` installs charts with."""
_SEEDS = (
    r"(?:(?:[^/]*[-_])?(?:seeds?|seeders?|factory|factories|fixtures?)|seed[-_.][^/]*|[^/]*(?:seeder|demodata)[^/]*)"
    r"\.(?:rb|exs?|py|[cm]?[jt]sx?|php|sql|cs|java|kt|go|rs|swift|dart)"
)
"""`seeds.rb`, `user_factory.py`, `DemoSeederCommand.php`, `session_fixtures.go`."""
_TRIAL_ENV = r"(?:[^/]*\.)?env\.(?:[^/]+\.)?(?:test(?:s|ing)?|e2e|ci|devcontainer)(?:\.[^/]+)?"
"""`.env.test`, `.env.ci`, `.env.test.local`; what `.env.development` opens may be shared with others."""
_NAMED_SAMPLES = (
    r"(?:samples?|examples?|dummy|insecure|fake|demo|tests?|testing|mock(?:ed)?|fixtures?|bench(?:marks?)?|how[-_]?to)"
    r"[-_.][^/]*"
)
_TRIALS = (
    (
        "it stands among what tests, seeds or samples are made of",
        lazy_regex(
            rf"(?:^|/)(?:{_OF_TESTS})/|\Aintegration/"
            rf"|(?:^|/)(?:{_SEEDS}|{_TRIAL_ENV}|{_NAMED_SAMPLES}|{_FILES_OF_TESTS})\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "it stands in what a build writes, and each build writes its own",
        lazy_regex(r"(?:^|/)server-reference-manifest\.js(?:on)?\Z"),
    ),
    (
        "it stands in the description of an interface",
        lazy_regex(
            r"(?:^|/)(?:[^/]*[-_.])?(?:openapi|swagger)[^/]*\.(?:ya?ml|json)\Z|(?:^|/)api[-_]?docs?/", re.IGNORECASE
        ),
    ),
)
"""Names that say what a file is for, beyond those of tests and documentation; not asked of what a service issued."""
SHIPS = "nothing says that it is for a test or an example"
_WRONG_CLOCKS = timedelta(days=1)
"""By so much a machine's clock may be wrong, or a service lenient."""
_IN_EVERY_COPY = lazy_regex(r"(?:^|/)(?:google-services\.json|GoogleService-Info\.plist)\Z", re.IGNORECASE)
"""What identifies an app to Firebase, and is in each copy of it that is handed out."""


def expired(expires: int | None, now: datetime | None) -> Weighed | None:
    """Return the worth of what no service accepts any more since a day or longer; None of anything else."""
    if expires is None or now is None or now - datetime.fromtimestamp(expires, UTC) < _WRONG_CLOCKS:
        return None
    return Worth.LOW, (f"it says that it expired on {datetime.fromtimestamp(expires, UTC):%Y-%m-%d}",)


def worth_at(
    type: str, path: str, confidence: Confidence, against: str = "", *, knows_packages: bool = False
) -> Weighed:
    """Return the worth of a secret of some type in the file at `path`; `against`: what its surroundings say.

    In a test or an example only what was issued for certain is worth stopping for: all else is made for them by the
    thousand. The folders for copies of other projects (`node_modules/`) say nothing where the caller `knows_packages`,
    that is which files are unchanged parts of published ones.
    """
    place = where_nothing_ships(path) if knows_packages else where_no_program_is(path)
    if place:
        worth, evidence = _where_no_program_is(type, path, confidence, place)
        return worth, (*evidence, against) if against and worth is Worth.LOW else evidence
    if _IN_EVERY_COPY.search(path):
        return Worth.LOW, ("every copy of the app has it",)
    if against:
        return Worth.LOW, (against,)
    is_issued = kind_of(type).is_issued
    trial = "" if is_issued else _trial_at(path) or where_no_image_ships(path)
    if trial:
        return Worth.LOW, (trial,)
    if is_issued and confidence < Confidence.HIGH and PIPELINE.search(path):
        return Worth.LOW, (OF_A_JOB,)
    if PRODUCTION.search(path):
        return Worth.HIGH, ("its path names production",)
    return Worth.MEDIUM, (SHIPS,)


def _trial_at(path: str) -> str:
    return next((reason for reason, pattern in _TRIALS if pattern.search(path)), "")


def _where_no_program_is(type: str, path: str, confidence: Confidence, place: str) -> Weighed:
    is_issued = kind_of(type).is_issued and confidence is Confidence.HIGH
    if is_issued and not is_vendored_path(path):
        return Worth.MEDIUM, (f"{place}, yet its checksum says that a service issued it",)
    return Worth.LOW, (place,)
