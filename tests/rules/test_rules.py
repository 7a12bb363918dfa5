"""Rules of any stage: who is asked, what a hit becomes, and which ids are taken."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from gate.core.errors import UsageError
from gate.dockerfile import rules as dockerfile_rules
from gate.images import rules as image_rules
from gate.model import Confidence, Edit, Finding, Location, Severity, fingerprint
from gate.rules import Change, Hit, RuleScope, RuleSet, StageRule, ask, finding_of

DECORATED = re.compile(r"^from gate\.(?:dockerfile\.rule|images\.rules\.base) import .*\brule\b", re.MULTILINE)
PATH = "deploy/api.yaml"
TEXT: dict[str, Any] = {"why": "It can do harm.", "mend": "Remove it.", "bad": "bad", "good": "good"}


class Field(msgspec.Struct, frozen=True):
    """A part of a manifest: what a rule of a stage to come is asked of."""

    path: str
    """`spec.containers[0].securityContext.privileged`."""
    value: object
    line: int

    def hit(self, message: str, **parts: Any) -> Hit:
        return Hit(message=f"{self.path} {message}", line=self.line, evidence=(self.path,), **parts)


@pytest.fixture
def manifests() -> RuleSet:
    return RuleSet("kubernetes", "on manifests")


@pytest.fixture
def privileged(manifests: RuleSet) -> StageRule:
    @manifests.rule("GK001", Severity.MEDIUM, "Privileged", looks_at=RuleScope(Field, "privileged"), **TEXT)
    def check(field: Field) -> Iterator[Hit]:
        if field.value is True:
            yield field.hit("is true")

    return check


def rule_of(stays_in_image: bool = False, severity: Severity = Severity.MEDIUM) -> StageRule:
    make = RuleSet("kubernetes", "on manifests", page=lambda text: f"https://rules.example/{text.id}").rule
    return make("GK002", severity, "T", looks_at=RuleScope(Field), stays_in_image=stays_in_image, **TEXT)(lambda _: ())


def finding(hit: Hit, rule: StageRule | None = None, **parts: Any) -> Finding:
    return finding_of(rule or rule_of(), hit, "shop", **{"path": PATH, **parts})


def test_a_rule_is_asked_of_a_field_and_finds_it_at_its_line(privileged: StageRule) -> None:
    field = Field("spec.containers[0].privileged", True, line=7)
    ((rule, hit),) = ask([privileged], field)
    assert finding(hit, rule) == Finding(
        stage="kubernetes",
        rule="GK001",
        severity=Severity.MEDIUM,
        title="Privileged",
        message="spec.containers[0].privileged is true",
        fingerprint=fingerprint("kubernetes", "GK001", PATH, field.path),
        location=Location(target="shop", path=PATH, line=7),
        fix=finding(hit, rule).fix,
    )
    assert list(privileged(msgspec.structs.replace(field, value=False))) == []


def test_what_a_rule_says_of_itself_is_in_the_finding() -> None:
    found = finding(Hit(message="m"))
    assert found.fix is not None
    assert (found.title, found.fix.description, found.help_uri) == ("T", "Remove it.", "https://rules.example/GK002")


def test_a_hit_may_say_more_than_its_rule() -> None:
    hit = Hit(message="m", title="More", mend="Do more.", severity=Severity.HIGH, confidence=Confidence.LOW)
    found = finding(hit)
    assert found.fix is not None
    assert (found.title, found.fix.description, found.severity) == ("More", "Do more.", Severity.HIGH)
    assert found.confidence is Confidence.LOW


def test_a_hit_without_advice_has_no_fix() -> None:
    assert finding(Hit(message="m", mend="")).fix is None


@pytest.mark.parametrize(
    ("severity", "stays_in_image", "ships", "expected"),
    [
        (Severity.MEDIUM, True, False, Severity.LOW),
        (Severity.INFO, True, False, Severity.INFO),
        (Severity.MEDIUM, True, True, Severity.MEDIUM),
        (Severity.MEDIUM, False, False, Severity.MEDIUM),
    ],
)
def test_what_does_not_ship_is_a_step_milder_if_the_harm_is_in_the_image(
    severity: Severity, stays_in_image: bool, ships: bool, expected: Severity
) -> None:
    assert finding(Hit(message="m", ships=ships), rule_of(stays_in_image, severity)).severity is expected


def test_a_change_is_an_edit_of_the_file_that_the_rule_is_asked_about() -> None:
    span = ((2, 3), (2, 7))
    found = finding(Hit(message="m", span=span, changes=(Change(span, "false"),)))
    assert found.location == Location(target="shop", path=PATH, line=2, end_line=2, column=3, end_column=7)
    assert found.fix is not None
    assert found.fix.edits == (Edit(path=PATH, start=(2, 3), end=(2, 7), text="false"),)


def test_the_path_of_a_hit_is_no_part_of_the_fingerprint() -> None:
    hit = Hit(message="m", path="app/key", layer="sha256:1", places=(("lib/key", "sha256:2"),))
    found = finding(hit, path=None)
    assert found.fingerprint == fingerprint("kubernetes", "GK002", None)
    assert found.location == Location(target="shop", path="app/key", layer="sha256:1")
    assert found.places == (Location(target="shop", path="lib/key", layer="sha256:2"),)


def test_another_stage_can_ask_a_rule() -> None:
    found = finding(Hit(message="m"), stage="image")
    assert (found.stage, found.fingerprint) == ("image", fingerprint("image", "GK002", PATH))


def test_a_rule_of_a_family_has_the_id_of_the_one_that_was_found() -> None:
    found = finding(Hit(message="m"), rule_of().named("GK2999", "https://rules.example/2999"))
    assert (found.rule, found.help_uri) == ("GK2999", "https://rules.example/2999")
    assert found.fingerprint == fingerprint("kubernetes", "GK2999", PATH)


def test_a_rule_without_a_check_takes_an_id_and_finds_nothing(manifests: RuleSet, privileged: StageRule) -> None:
    rule = manifests.without_check("GK090", Severity.LOW, "T", module=__name__, **TEXT)
    assert list(ask([rule], Field("spec", None, 1))) == []
    with pytest.raises(UsageError, match="two rules on manifests have the id GK090") as raised:
        manifests.rule("GK090", Severity.LOW, "T", looks_at=RuleScope(Field), **TEXT)(lambda _: ())
    assert raised.value.hint == f"{__name__}, {__name__}"


def test_rules_are_listed_in_the_order_of_their_ids() -> None:
    manifests = RuleSet("kubernetes", "on manifests", elsewhere=(__name__,))
    for id in ("GK003", "GK001", "GK002"):
        manifests.without_check(id, Severity.LOW, "T", module=__name__, **TEXT)
    manifests.without_check("GK004", Severity.LOW, "T", module="of.a.plugin", **TEXT)
    assert [text.id for text in manifests.descriptions()] == ["GK001", "GK002", "GK003"]


@pytest.mark.parametrize("package", [dockerfile_rules, image_rules])
def test_every_module_with_rules_is_listed(package: ModuleType) -> None:
    modules = Path(str(package.__file__)).parent.glob("*.py")
    assert {one.stem for one in modules if DECORATED.search(one.read_text())} == set(package.MODULES)
