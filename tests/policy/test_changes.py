"""What a change loosens is named, with the findings that would pass by it; what it tightens, or leaves, is not.

Goes through `gate/policy/changes.py` and `gate/policy/loosening_rules.py`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.model import Finding, Location, Loosened, Severity
from gate.policy.assemble import PolicyFiles
from gate.policy.baseline import FindingsBaseline, entries_of, write_baseline
from gate.policy.changes import ChangeNotes, SettingsChange, SideSettings, describe_change
from gate.policy.file_places import Disk
from gate.policy.layers import PolicySource
from gate.policy.repository_files import OwnFiles
from gate.policy.tightening import Difference
from gate.policy.trusted_sources import trusted_sources_of
from gate.settings.policy import PolicySettings
from gate.settings.sources import convert

Files = dict[str, str]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BLOCKS_INFO = "id: ours, why: Ours., when: {stage: dockerfile, severity: info}"
BLOCKS_LOW = BLOCKS_INFO.replace("info", "low")
WAIVER = "- {rule: DL3006, path: api/*, reason: r, owner: dana, until: 2027-01-31}\n"
MAY_WAIVE = "policy: {waivers: {owners: codeowners}}\n"


def finding(mark: str, **parts: Any) -> Finding:
    whole = {
        "stage": "dockerfile",
        "rule": "DL3006",
        "severity": Severity.LOW,
        "title": "t",
        "message": "m",
        "fingerprint": mark,
        "location": Location(target="shop", path="api/Dockerfile", line=1),
    }
    return Finding(**{**whole, **parts})


IN_API = finding("in api")
IN_WEB = finding("in web", location=Location(target="shop", path="web/Dockerfile", line=1))


def side(folder: Path, files: Files, above: Sequence[PolicySource] = ()) -> SideSettings:
    """What one side says, whose files are written to a folder of its own."""
    for name, text in {"Dockerfile": "", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    own = OwnFiles(Disk(str(folder)), trusted_sources_of(str(folder), "head", None))
    settings = own.settings()
    policy = policy_of(settings.layer.get("policy", {}) if settings else {})
    return SideSettings(
        files=own, settings=settings, sources=PolicyFiles(above=tuple(above), project=PolicySource("gate.yaml", policy))
    )


def policy_of(said: Any) -> PolicySettings:
    return convert(said, PolicySettings, "gate.yaml")


def described(base: SideSettings, head: SideSettings, *findings: Finding, **more: Any) -> ChangeNotes:
    whole: dict[str, Any] = {"target": "shop", "base": base, "head": head, "differences": (), "now": NOW, **more}
    return describe_change(SettingsChange(**whole), findings)


def loosened(folder: Path, base: Files, head: Files, *findings: Finding) -> tuple[Loosened, ...]:
    return described(side(folder / "base", base), side(folder / "head", head), *findings).loosened


OTHERWISE = [
    (
        "rules: [{id: a, why: A.}, {id: b, why: B.}]",
        "rules: [{id: b, why: B.}, {id: a, why: A.}]",
        "the rules stand in another order",
    ),
    ("waivers: {owners: dana}", "waivers: {owners: lee}", "policy.waivers.owners"),
    ("extends: ours.yaml", "extends: others.yaml", "policy.extends: others.yaml"),
]
"""What is neither tighter nor looser counts as looser: the base, the change, and what is said of it."""
LOOSER = [
    (f"rules: [{{{BLOCKS_INFO}}}]", "rules: []", "the rule ours is gone"),
    (f"rules: [{{{BLOCKS_INFO}}}]", f"rules: [{{{BLOCKS_LOW}}}]", "the rule ours is looser"),
    (f"rules: [{{{BLOCKS_INFO}}}]", f"rules: [{{{BLOCKS_INFO}, grace: {{info: 3d}}}}]", "the rule ours is looser"),
    ("rules: [{id: exploited, why: Ours.}]", "rules: []", "the rule exploited is gone"),
    ("rules: []", "rules: [{id: exploited, why: Ours., effect: warn}]", "the rule exploited is looser"),
    ("rules: []", "rules: [{id: mine, why: Mine., effect: ignore}]", "the rule mine (ignore) is new"),
    ("rules: []", "rules: [{id: mine, why: Mine., effect: warn}]", "the rule mine (warn) is new"),
    ("rules: []", "rules: [{id: mine, why: Mine., grace: {high: 3d}}]", "the rule mine (block) is new"),
    ("waivers: {rules: DL3006}", "waivers: {}", "policy.waivers.rules"),
    ("waivers: {rules: DL3006}", "waivers: {rules: [DL3006, DL3007]}", "policy.waivers.rules"),
    ("waivers: {owners: dana}", "waivers: {owners: [dana, lee]}", "policy.waivers.owners"),
    ("waivers: {never: [exploited]}", "waivers: {}", "policy.waivers.never"),
    ("waivers: {longest: 30d}", "waivers: {longest: 90d}", "policy.waivers.longest"),
    ("waivers: {longest: 30d}", "waivers: {}", "policy.waivers.longest"),
    ("waivers: {comments: false}", "waivers: {}", "policy.waivers.comments"),
    ("extends: ours.yaml", "{}", "policy.extends: none"),
    ("required_stages: [image, secrets]", "required_stages: [secrets]", "policy.required_stages: without image"),
    (
        "required_share: {secrets: 90}",
        "required_share: {secrets: 89}",
        "policy.required_share: less than 90 of secrets",
    ),
    ("required_share: {secrets: 1}", "{}", "policy.required_share: less than 1 of secrets"),
    ("required_judged: 70", "required_judged: 69", "policy.required_judged: less than 70"),
    ("{}", "required_judged: 49", "policy.required_judged: less than 50"),
    ("required_judged: 50", "{}", "policy.required_judged: less than 50"),
    (
        "required_targets: {image: [shop, api]}",
        "required_targets: {image: shop}",
        "policy.required_targets: fewer of image",
    ),
    ("required_targets: {image: shop}", "{}", "policy.required_targets: fewer of image"),
    ("{}", "enforce: false", "policy.enforce: false"),
    ("ratchet: true", "{}", "policy.ratchet: false"),
]
NO_LOOSER = [
    ("rules: [{id: mine, why: Mine., effect: warn}]", "rules: []"),  # a rule that blocks nothing is gone
    ("rules: [{id: exploited, why: Ours., when: {known_exploited: true, severity: high}}]", "rules: []"),
    (f"rules: [{{{BLOCKS_INFO}}}]", f"rules: [{{{BLOCKS_INFO}}}, {{id: more, why: More.}}]"),
    ("rules: [{id: a, why: A.}, {id: b, why: B.}]", "rules: [{id: a, why: A.}, {id: c, why: C.}, {id: b, why: B.}]"),
    ("waivers: {comments: false}", "waivers: {comments: false}"),
    ("enforce: false", "enforce: false"),
    ("rules: [{id: mine, why: Mine., effect: warn}]", "rules: [{id: mine, why: Mine., effect: warn}]"),
    ("ratchet: true", "ratchet: true"),
    ("waivers: {longest: 30d}", "waivers: {longest: 30d}"),
    ("required_share: {secrets: 90}", "required_share: {secrets: 90}"),
    ("required_targets: {image: shop}", "required_targets: {image: shop}"),
    ("required_judged: 49", "{}"),
    ("{}", "required_judged: 50"),
    ("waivers: {owners: [dana, lee]}", "waivers: {owners: [lee, dana]}"),
]


def settings_of(policy: str) -> Files:
    return {"gate.yaml": "policy: " + ("{}" if policy == "{}" else f"{{{policy}}}") + "\n"}


@pytest.mark.parametrize(("base", "head", "what"), [*LOOSER, *OTHERWISE])
def test_what_a_policy_loosens_is_named(tmp_path: Path, base: str, head: str, what: str) -> None:
    found = loosened(tmp_path, settings_of(base), settings_of(head))
    assert [(one.rule, one.path, one.what) for one in found] == [("GATE-POLICY", "gate.yaml", what)]


@pytest.mark.parametrize("row", LOOSER, ids=lambda row: row[1])
def test_what_is_loosened_the_other_way_round_is_tightened(tmp_path: Path, row: tuple[str, str, str]) -> None:
    base, head, what = row
    found = loosened(tmp_path, settings_of(head), settings_of(base))
    assert what not in [one.what for one in found]


@pytest.mark.parametrize(("base", "head"), NO_LOOSER)
def test_what_a_policy_tightens_or_leaves_is_not_named(tmp_path: Path, base: str, head: str) -> None:
    assert loosened(tmp_path, settings_of(base), settings_of(head)) == ()


def test_findings_that_the_policy_of_the_change_no_longer_blocks_would_pass(tmp_path: Path) -> None:
    base = settings_of("rules: [{id: ours, why: Ours., when: {path: api/*}}]")
    (found,) = loosened(tmp_path, base, settings_of("rules: []"), IN_API, IN_WEB)
    assert (found.what, found.passes) == ("the rule ours is gone", (IN_API.fingerprint,))


def test_what_the_policy_of_the_base_only_warned_of_does_not_pass_by_a_change(tmp_path: Path) -> None:
    base = settings_of("rules: [{id: ours, why: Ours., effect: warn}]")
    assert loosened(tmp_path, base, settings_of("rules: []"), IN_API) == ()


def test_a_rule_that_the_organisation_does_not_let_be_loosened_lets_nothing_pass(tmp_path: Path) -> None:
    """The change as it stands could not be judged by; what it loosens can be counted all the same."""
    above = [PolicySource("org.yaml", policy_of({"rules": [{"id": "ours", "why": "Ours."}]}))]
    base = side(tmp_path / "base", settings_of("rules: [{id: ours, why: Ours.}]"), above)
    head = side(tmp_path / "head", settings_of("rules: [{id: ours, why: Ours., effect: warn}]"), above)
    (found,) = described(base, head, IN_API).loosened
    assert (found.what, found.passes) == ("the rule ours is looser", ())


def test_what_another_rule_of_the_change_blocks_does_not_pass(tmp_path: Path) -> None:
    """The rule for `api` is looser; the change's other rule blocks the finding all the same."""
    base = settings_of("rules: [{id: ours, why: Ours., when: {path: api/*}}]")
    (found,) = loosened(tmp_path, base, settings_of("rules: [{id: all, why: All., when: {severity: low}}]"), IN_API)
    assert (found.what, found.passes) == ("the rule ours is gone", ())


def test_a_looser_setting_is_found_at_its_line(tmp_path: Path) -> None:
    base = {"gate.yaml": "policy: {ratchet: true}\n"}
    (found,) = loosened(tmp_path, base, {"gate.yaml": "jobs: 2\npolicy:\n  enforce: true\n  ratchet: false\n"})
    assert (found.path, found.line, found.target) == ("gate.yaml", 4, "shop")


def test_of_settings_that_the_change_takes_away_the_file_of_the_base_is_named(tmp_path: Path) -> None:
    (found,) = loosened(tmp_path, {".gate.yaml": "policy: {ratchet: true}\n"}, {})
    assert (found.path, found.line) == (".gate.yaml", None)


def test_a_policy_above_that_the_change_drops_is_named_by_what_it_no_longer_blocks(tmp_path: Path) -> None:
    ours = PolicySource("ours.yaml", policy_of({"rules": [{"id": "ours", "why": "Ours."}]}), is_of_repository=True)
    base, head = side(tmp_path / "base", settings_of("{}"), [ours]), side(tmp_path / "head", settings_of("{}"))
    (found,) = described(base, head, IN_API).loosened
    assert (found.rule, found.what, found.passes) == ("GATE-POLICY", "policy", (IN_API.fingerprint,))
    assert described(base, base, IN_API).loosened == ()


@pytest.mark.parametrize(("is_of_repository", "what"), [(True, ["ours.yaml: policy.ratchet: false"]), (False, [])])
def test_what_a_policy_of_the_repository_loosens_is_named(
    tmp_path: Path, is_of_repository: bool, what: list[str]
) -> None:
    above = [PolicySource("ours.yaml", policy_of({"ratchet": said}), is_of_repository) for said in (True, False)]
    sides = [side(tmp_path / str(number), settings_of("{}"), [one]) for number, one in enumerate(above)]
    assert [one.what for one in described(sides[0], sides[1]).loosened] == what


def test_policies_that_contradict_each_other_leave_uncounted_what_would_pass(tmp_path: Path) -> None:
    """`never` of a rule that does not exist: layers cannot be made of it."""
    (found,) = loosened(tmp_path, settings_of("ratchet: true"), settings_of("waivers: {never: [missing]}"), IN_API)
    assert found.passes is None


def test_the_first_settings_of_a_repository_are_a_notice(tmp_path: Path) -> None:
    notes = described(side(tmp_path / "base", {}), side(tmp_path / "head", settings_of("enforce: false")))
    assert notes.loosened == ()
    assert notes.notices == (
        "gate.yaml is the first in this repository and takes effect once it is merged; "
        "0 findings of today would pass because of policy.enforce: false",
    )


def test_a_notice_says_if_it_cannot_be_counted_what_would_pass(tmp_path: Path) -> None:
    head = side(tmp_path / "head", settings_of("waivers: {never: [missing]}, enforce: false"))
    (notice,) = described(side(tmp_path / "base", {}), head, IN_API).notices
    assert "it cannot be counted what would pass because of policy.enforce" in notice


def test_a_waiver_is_reported_even_with_the_first_settings(tmp_path: Path) -> None:
    head = {**settings_of("{}"), ".gate/waivers.yaml": WAIVER}
    assert [one.rule for one in loosened(tmp_path, {}, head)] == ["GATE-WAIVER"]


@pytest.mark.parametrize(
    ("key", "passes", "rule"),
    [
        (("stages", "dockerfile", "ignore"), ("in api",), "GATE-SETTINGS"),
        (("stages", "dependencies", "vex"), None, "GATE-VEX"),
    ],
)
def test_settings_that_do_not_count_are_named(
    tmp_path: Path, key: tuple[str, ...], passes: tuple[str, ...] | None, rule: str
) -> None:
    base = side(tmp_path / "base", settings_of("{}"))
    difference = Difference(key, ["old/**"], ["old/**", "api/**"])
    (found,) = described(base, base, IN_API, IN_API, IN_WEB, differences=(difference,)).loosened
    assert (found.rule, found.what) == (rule, f'{".".join(key)}: ["old/**","api/**"]')
    assert found.passes == passes


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("", WAIVER, 1),
        (WAIVER, WAIVER, 0),
        (WAIVER, "", 0),
        (WAIVER, WAIVER.replace("2027-01-31", "2027-02-01"), 1),
        (WAIVER, WAIVER.replace("2027-01-31", "2027-01-30"), 0),
        (WAIVER, WAIVER.replace("dana", "lee"), 1),
        (WAIVER, WAIVER.replace("reason: r", "reason: another"), 0),
        (WAIVER, WAIVER.replace("api/*", "web/*"), 1),
    ],
)
def test_a_waiver_that_is_new_longer_or_of_another_owner_loosens(
    tmp_path: Path, old: str, new: str, count: int
) -> None:
    found = loosened(tmp_path, {".gate/waivers.yaml": old}, {".gate/waivers.yaml": new})
    assert [one.rule for one in found] == ["GATE-WAIVER"] * count


def test_a_waiver_has_its_line_and_what_it_covers(tmp_path: Path) -> None:
    text = f"# why\n{WAIVER.replace('api', 'old')}{WAIVER}"
    (found,) = loosened(
        tmp_path, {".gate/waivers.yaml": WAIVER.replace("api", "old")}, {".gate/waivers.yaml": text}, IN_API, IN_WEB
    )
    assert (found.path, found.line, found.passes) == (".gate/waivers.yaml", 3, (IN_API.fingerprint,))
    assert found.what == "the waiver of DL3006 in api/* (dana, until 2027-01-31)"


def test_a_waiver_that_the_organisation_has_signed_loosens_nothing(tmp_path: Path) -> None:
    base, head = side(tmp_path / "base", {}), side(tmp_path / "head", {".gate/waivers.yaml": WAIVER})
    assert described(base, head, IN_API, signed=head.files.waivers()).loosened == ()


def with_baseline(folder: Path, *listed: Finding, key: bytes = b"k" * 16) -> SideSettings:
    made = side(folder, settings_of("{}"))
    entries = frozenset().union(*(entries_of(one, key) for one in listed))
    write_baseline(str(folder), FindingsBaseline(key=key, entries=entries))
    return made


def test_entries_that_a_baseline_did_not_have_would_pass(tmp_path: Path) -> None:
    base, head = with_baseline(tmp_path / "base", IN_API), with_baseline(tmp_path / "head", IN_API, IN_WEB)
    (found,) = described(base, head, IN_API, IN_WEB).loosened
    assert (found.rule, found.path, found.line) == ("GATE-BASELINE", ".gate/baseline.jsonl", 3)
    assert (found.what, found.passes) == ("1 entry that the base does not have", (IN_WEB.fingerprint,))


def test_a_baseline_that_becomes_shorter_or_stays_loosens_nothing(tmp_path: Path) -> None:
    base, head = with_baseline(tmp_path / "base", IN_API, IN_WEB), with_baseline(tmp_path / "head", IN_API)
    assert described(base, head, IN_API, IN_WEB).loosened == ()
    assert described(base, base, IN_API, IN_WEB).loosened == ()


def test_a_baseline_that_is_made_with_another_key_is_new_as_a_whole(tmp_path: Path) -> None:
    """Marks of two keys cannot be compared, findings can: what was listed before does not pass by it."""
    base = with_baseline(tmp_path / "base", IN_API)
    (found,) = described(base, with_baseline(tmp_path / "head", IN_API, key=b"n" * 16), IN_API).loosened
    assert (found.what, found.passes) == ("1 entry that the base does not have", ())


@pytest.mark.parametrize(
    ("old", "new", "passes"),
    [
        ("api/ @lee\n", "api/ @dana\n", ("in api",)),
        ("api/ @dana\n", "api/ @dana\nweb/ @lee\n", ()),
        ("api/ @dana\nweb/ @lee\n", "* @dana\n", ("in web",)),
    ],
)
def test_other_owners_of_paths_loosen_by_what_they_may_waive(
    tmp_path: Path, old: str, new: str, passes: tuple[str, ...]
) -> None:
    waivers = WAIVER.replace("dana", "'@dana'").replace("api/*", "'**'")
    files = {"gate.yaml": MAY_WAIVE, ".gate/waivers.yaml": waivers}
    (found,) = loosened(tmp_path, {**files, "CODEOWNERS": old}, {**files, "CODEOWNERS": new}, IN_API, IN_WEB, IN_WEB)
    assert (found.rule, found.path, found.line, found.passes) == ("GATE-CODEOWNERS", "CODEOWNERS", 1, passes)


def test_owners_who_may_waive_nothing_loosen_nothing(tmp_path: Path) -> None:
    assert loosened(tmp_path, {**settings_of("{}"), "CODEOWNERS": "* @lee\n"}, settings_of("{}")) == ()
    same = {"gate.yaml": MAY_WAIVE, "CODEOWNERS": "* @lee\n"}
    assert loosened(tmp_path, same, same) == ()


@pytest.mark.parametrize(
    ("old", "new", "path", "line"),
    [
        (".github/CODEOWNERS", None, ".github/CODEOWNERS", None),
        (None, "docs/CODEOWNERS", "docs/CODEOWNERS", 1),
        ("CODEOWNERS", ".github/CODEOWNERS", ".github/CODEOWNERS", 1),
    ],
)
def test_the_file_of_owners_that_counts_is_named(
    tmp_path: Path, old: str | None, new: str | None, path: str, line: int | None
) -> None:
    """Of the organisation's layers one lets owners of paths waive, the other says nothing of owners."""
    above = [PolicySource("org.yaml", policy_of({"waivers": {"owners": "codeowners"}}))]
    base, head = (
        side(tmp_path / name, {**settings_of("{}"), **({file: "* @lee\n"} if file else {})}, above)
        for name, file in (("base", old), ("head", new))
    )
    (found,) = described(base, head).loosened
    assert (found.rule, found.path, found.line) == ("GATE-CODEOWNERS", path, line)
