"""The secrets stage on real trees and real repositories."""

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.declarations.secrets import SecretsSettings
from gate.model import CommitRange, Confidence, Severity, StageResult, StageStatus, Tree, Worth
from gate.pipeline.context import LocalContext
from gate.settings import Settings, Stages
from gate.stages import secrets

AWS = "AKIA" + "Z7VRSQ5TJN2XMPLQ"
GITHUB = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
HEX = "2b00042f7481c7b056c4b410d28f33cf"
VALUES = (AWS, GITHUB, HEX, "correct-horse-battery")

MakeTree = Callable[[dict[str, str | bytes]], Tree]
Scan = Callable[..., StageResult]


@pytest.fixture
def scan(make_context: Callable[..., LocalContext]) -> Scan:
    """A function that runs the stage; keywords are its settings. No result may hold a secret's value."""

    def run(target: Tree | CommitRange, **settings: Any) -> StageResult:
        context = make_context(stages=Stages(secrets=SecretsSettings(**settings)))
        result = secrets.run(target, context)
        assert not any(value.encode() in msgspec.json.encode(result) for value in VALUES)
        return result

    return run


def places(result: StageResult) -> list[tuple[str, str | None, int | None]]:
    return [(found.rule, found.location.path, found.location.line) for found in result.findings]


# What is found in a tree


def test_a_finding_says_what_where_and_what_to_do(make_tree: MakeTree, scan: Scan) -> None:
    (found,) = scan(make_tree({"app/a.py": f"x = 1\nkey = '{AWS}'\n"})).findings
    assert (found.rule, found.title) == ("SECRET-AWS", "AWS access key")
    assert (found.location.path, found.location.line, found.location.column) == ("app/a.py", 2, 8)
    assert found.message == "AWS access key, beginning with AKIA…"
    assert (found.severity, found.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert found.secret is not None
    assert found.secret.redacted == "AKIA…"
    assert found.fix is not None
    assert "Deactivate the key" in found.fix.description


def test_findings_come_in_the_order_of_paths_and_lines(make_tree: MakeTree, scan: Scan) -> None:
    tree = make_tree({"b.py": f"{GITHUB}\n{AWS[:-1]}A\n", "a.py": AWS})
    assert places(scan(tree)) == [("SECRET-AWS", "a.py", 1), ("SECRET-GITHUB", "b.py", 1), ("SECRET-AWS", "b.py", 2)]


def test_the_same_secret_in_several_files_is_one_finding_at_the_worst_of_its_places(
    make_tree: MakeTree, scan: Scan
) -> None:
    (found,) = scan(make_tree({"a/tests/x.py": AWS, "b.py": f"\n{AWS}", "c.py": AWS})).findings
    assert (found.location.path, found.location.line, found.severity) == ("b.py", 2, Severity.HIGH)
    assert [(place.path, place.line) for place in found.places] == [("c.py", 1), ("a/tests/x.py", 1)]
    assert found.message.endswith("beginning with AKIA…; also in c.py, line 1; a/tests/x.py, line 1")


def test_many_places_are_counted_and_the_first_named(make_tree: MakeTree, scan: Scan) -> None:
    (found,) = scan(make_tree({f"{number:02}.py": AWS for number in range(20)})).findings
    assert len(found.places) == 19
    assert found.message.endswith("; also in 01.py, line 1; 02.py, line 1; 03.py, line 1; 16 more")


def test_a_new_copy_of_a_secret_in_the_program_is_another_problem_than_one_in_a_test(
    make_tree: MakeTree, scan: Scan
) -> None:
    (before,) = scan(make_tree({"tests/a.py": AWS})).findings
    (after,) = scan(make_tree({"tests/a.py": AWS, "z.py": AWS})).findings
    assert before.fingerprint != after.fingerprint


def test_the_same_secret_in_one_file_is_one_finding(make_tree: MakeTree, scan: Scan) -> None:
    (found,) = scan(make_tree({"a.py": f"\n{AWS}\nx\n{AWS} {AWS}\n"})).findings
    assert found.location.line == 2
    assert "on 2 lines" in found.message
    assert [(place.path, place.line) for place in (found.location, *found.places)] == [("a.py", 2), ("a.py", 4)]


def test_the_fingerprint_survives_edits_above_it(make_tree: MakeTree, scan: Scan) -> None:
    (before,) = scan(make_tree({"a.py": AWS})).findings
    (after,) = scan(make_tree({"a.py": f"new\nlines\n{AWS}"})).findings
    assert before.fingerprint == after.fingerprint


def test_the_fingerprint_tells_secrets_and_files_apart(make_tree: MakeTree, scan: Scan) -> None:
    other = AWS[:-1] + "A"
    found = scan(make_tree({"a.py": f"{AWS}\n{other}", "b.py": AWS})).findings
    assert len({one.fingerprint for one in found}) == 2
    moved = scan(make_tree({"a.py": f"{other}", "b.py": AWS})).findings
    assert len({one.fingerprint for one in (*found, *moved)}) == 3


def test_two_tokens_are_two_findings_though_detect_secrets_names_only_their_prefix(
    make_tree: MakeTree, scan: Scan
) -> None:
    other = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6ZZ1gv8Yp"
    found = scan(make_tree({"a.py": f"{GITHUB} {other}\n{GITHUB}\n"})).findings
    assert len({one.fingerprint for one in found}) == 2
    assert {one.secret.redacted for one in found if one.secret} == {"ghp_…"}
    assert {one.location.column for one in found} == {1, len(GITHUB) + 2}


def test_two_private_keys_are_told_apart_by_what_follows_the_header(make_tree: MakeTree, scan: Scan) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n"
    first, second = key.format("MIIabc"), key.format("MIIdef")
    found = scan(make_tree({"a.pem": first + second, "b.pem": first.replace("\n", "\n  ")})).findings
    assert [[place.path for place in one.places] for one in found] == [["b.pem"], []]
    assert len({one.fingerprint for one in found}) == 2


def test_the_gate_s_own_fingerprints_are_no_secrets(make_tree: MakeTree, scan: Scan) -> None:
    mark = hashlib.sha256(b"a finding").hexdigest()[:32]
    assert scan(make_tree({".gate/waivers.yaml": f"- fingerprint: {mark}\n  reason: r\n"})).findings == ()
    assert scan(make_tree({"other.yaml": f"- token: {mark}\n  reason: r\n"})).findings != ()


def test_the_hash_is_none_that_a_table_lists(make_tree: MakeTree, scan: Scan) -> None:
    (found,) = scan(make_tree({"a.py": AWS})).findings
    assert found.secret is not None
    assert found.secret.hash not in {hashlib.new(name, AWS.encode()).hexdigest() for name in ("sha1", "sha256", "md5")}


TESTS = ("tests/a.py", "x/test_a.py", "a_test.go", "web/__tests__/b.js", "fixtures/k", "a.spec.ts")


@pytest.mark.parametrize("path", [*TESTS, "latest/a.py"])
def test_tests_lower_severity_and_confidence_and_hide_nothing(make_tree: MakeTree, scan: Scan, path: str) -> None:
    (found,) = scan(make_tree({path: AWS})).findings
    lowered = (Severity.MEDIUM, Confidence.MEDIUM)
    assert (found.severity, found.confidence) == (lowered if path in TESTS else (Severity.HIGH, Confidence.HIGH))


@pytest.mark.parametrize(
    ("line", "confidence"),
    [
        ("password = 'correct-horse-battery'", Confidence.MEDIUM),
        ("password = 'postgres'", Confidence.LOW),
        ("url = 'postgres://user:s3cr3t-w0rd@db/x'", Confidence.MEDIUM),
        (f"token = '{GITHUB}'", Confidence.HIGH),
        (f"token = '{GITHUB.replace('aXc', 'aXd')}'", Confidence.MEDIUM),
    ],
)
def test_confidence_follows_the_evidence(make_tree: MakeTree, scan: Scan, line: str, confidence: Confidence) -> None:
    assert [found.confidence for found in scan(make_tree({"a.py": line})).findings] == [confidence]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("password = 'changeme'", "a placeholder"),
        ("password = 'your-password-here'", "a placeholder"),
        ("password = 'xxxxxxxx'", "a placeholder"),
        ("password = 'https://login.orchard.dev/oauth'", "a web address"),
        (f"secret = 'sha256-{HEX}'", "a digest with its algorithm's name"),
    ],
)
def test_what_is_refuted_is_no_finding_and_counted_by_its_reason(
    make_tree: MakeTree, scan: Scan, line: str, reason: str
) -> None:
    result = scan(make_tree({"a.py": line, "b.py": f"{line}\n\n{line}"}))
    assert result.findings == ()
    assert (result.facts["dropped"], result.facts["dropped_as"]) == (3, [f"{reason}: 3"])


def test_compat_mode_drops_nothing(make_tree: MakeTree, scan: Scan) -> None:
    result = scan(make_tree({"a.py": f"password = 'changeme'\nchecksum = '{HEX}'\n"}), mode="compat")
    assert {found.rule for found in result.findings} == {"SECRET-KEYWORD", "SECRET-ENTROPY-HEX"}
    assert result.facts["dropped"] == 0


def test_an_allowlisted_line_is_no_finding(make_tree: MakeTree, scan: Scan) -> None:
    files = {"a.py": f"'{AWS}'  # pragma: allowlist secret\n# pragma: allowlist nextline secret\n'{GITHUB}'\n"}
    result = scan(make_tree(files))
    assert (result.status, result.findings) == (StageStatus.OK, ())


# What was read and what was not


def test_facts_count_what_was_read(make_tree: MakeTree, scan: Scan) -> None:
    result = scan(make_tree({"a.py": "x = 1\n", "b.bin": b"..", "c": b"\x00\xff\x00", "d.py": b"# \xe9\n"}))
    assert result.facts == {
        "files": 4,
        "bytes": 6 + 2 + 3 + 4,
        "binary": 1,
        "passed_over": 0,
        "other_encoding": 1,
        "baselined": 0,
        "dropped": 0,
        "prefilter": result.facts["prefilter"],
        "binary_files": ["c"],
        "other_encoding_files": ["d.py"],
    }
    assert str(result.facts["prefilter"]).split()[0] in ("hyperscan", "python")


def test_a_fact_names_the_first_files_and_counts_all(make_tree: MakeTree, scan: Scan) -> None:
    facts = scan(make_tree({f"{number:02}.png": b"" for number in range(30)}), mode="compat").facts
    assert facts["passed_over"] == 30
    assert facts["passed_over_files"] == [f"{number:02}.png" for number in range(20)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "latin-1"])
def test_other_encodings_hide_nothing(make_tree: MakeTree, scan: Scan, encoding: str) -> None:
    result = scan(make_tree({"a.txt": f"é {AWS}\n{GITHUB}\n".encode(encoding)}))
    assert places(result) == [("SECRET-AWS", "a.txt", 1), ("SECRET-GITHUB", "a.txt", 2)]


def test_nul_bytes_do_not_hide_a_text(make_tree: MakeTree, scan: Scan) -> None:
    assert places(scan(make_tree({".env": f"\0\nKEY={AWS}\n"}))) == [("SECRET-AWS", ".env", 2)]


def test_a_text_beyond_the_bound_is_an_error_that_names_it(make_tree: MakeTree, scan: Scan) -> None:
    result = scan(make_tree({"big.txt": "x" * 2000, "big.dat": bytes(range(256)) * 8, "a.py": AWS}), max_file_size=1000)
    (error,) = result.errors
    assert (error.path, result.status) == ("big.txt", StageStatus.ERROR)
    assert "at most 1,000 are scanned" in error.title
    assert "stages.secrets.max_file_size" in error.message
    assert result.facts["binary_files"] == ["big.dat"]
    assert places(result) == [("SECRET-AWS", "a.py", 1)]


def test_a_file_that_takes_for_ever_is_an_error(
    make_tree: MakeTree, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.secrets.sources.files.MAX_SECONDS", 0.2)
    result = scan(make_tree({"a.js": "password" * 10_000, "b.py": AWS}), mode="compat")
    assert [(error.path, error.title) for error in result.errors] == [("a.js", "took longer than 0.2 s to scan")]
    assert places(result) == [("SECRET-AWS", "b.py", 1)]


def test_links_are_counted_and_not_followed(make_tree: MakeTree, scan: Scan, tmp_path: Path) -> None:
    tree = make_tree({"a.py": AWS})
    (tmp_path / "outside").write_text(GITHUB)
    Path(tree.root, "inner").symlink_to("a.py")
    Path(tree.root, "outer").symlink_to(tmp_path / "outside")
    result = scan(tree)
    assert places(result) == [("SECRET-AWS", "a.py", 1)]
    assert result.facts["links"] == 2


def test_nothing_to_look_at_is_skipped(make_tree: MakeTree, scan: Scan) -> None:
    assert scan(make_tree({})).status is StageStatus.SKIPPED
    ignored = scan(make_tree({"a.py": AWS}), ignore=("a.py",))
    assert (ignored.status, ignored.skipped) == (StageStatus.SKIPPED, "no file to look at")


def test_paths_and_ignore_choose_files(make_tree: MakeTree, scan: Scan) -> None:
    tree = make_tree({"src/a.py": AWS, "src/b.py": AWS, "c.py": AWS})
    assert places(scan(tree, paths=("src/**",), ignore=("b.py",))) == [("SECRET-AWS", "src/a.py", 1)]


def test_same_input_same_bytes(make_tree: MakeTree, scan: Scan) -> None:
    tree = make_tree({f"{n}.py": f"'{AWS}' '{HEX}' '{HEX[::-1]}' '{GITHUB}'\n" * 3 for n in range(5)})
    assert msgspec.json.encode(scan(tree)) == msgspec.json.encode(scan(tree))


# The baseline


def baseline(**parts: Any) -> str:
    document = {"version": "1.5.0", "results": {}, "generated_at": "2026-01-01T00:00:00Z"} | parts
    return json.dumps(document)


def listed(path: str, value: str, secret_type: str = "AWS Access Key", **parts: Any) -> dict[str, Any]:
    hashed = hashlib.sha1(value.encode()).hexdigest()
    return {path: [{"type": secret_type, "filename": path, "hashed_secret": hashed, "line_number": 1, **parts}]}


def new(result: StageResult) -> list[tuple[str, str | None, int | None]]:
    """The places of what no baseline lists."""
    found = tuple(one for one in result.findings if one.fingerprint not in result.existing)
    return places(msgspec.structs.replace(result, findings=found))


def test_what_the_baseline_lists_is_there_already(make_tree: MakeTree, scan: Scan) -> None:
    known = baseline(results=listed("a.py", AWS))
    result = scan(make_tree({"a.py": f"{AWS}\n{GITHUB}", "b.py": AWS, ".secrets.baseline": known}))
    assert new(result) == [("SECRET-GITHUB", "a.py", 2), ("SECRET-AWS", "b.py", 1)]
    assert (len(result.findings), len(result.existing), result.facts["baselined"]) == (3, 1, 1)


def test_a_real_baseline_silences_its_own_tree(make_tree: MakeTree, scan: Scan) -> None:
    tree = make_tree({"a.py": f"'{AWS}'\npassword = 'correct-horse-battery'\n", "b.yaml": f"token: {HEX}\n"})
    command = [sys.executable, "-m", "detect_secrets", "scan", "-n", "--all-files", "."]
    made = subprocess.run(command, cwd=tree.root, check=True, capture_output=True).stdout
    Path(tree.root, ".secrets.baseline").write_bytes(made)
    result = scan(tree)
    assert (result.status, new(result), result.facts["baselined"]) == (StageStatus.OK, [], 3)


def test_what_an_audit_called_real_is_still_reported(make_tree: MakeTree, scan: Scan) -> None:
    for is_secret, count in ((True, 1), (False, 0)):
        known = baseline(results=listed("a.py", AWS, is_secret=is_secret))
        assert len(new(scan(make_tree({"a.py": AWS, ".secrets.baseline": known})))) == count


def test_plugins_and_filters_of_the_baseline_are_used(make_tree: MakeTree, scan: Scan) -> None:
    chosen = baseline(
        plugins_used=[{"name": "AWSKeyDetector"}, {"name": "HexHighEntropyString", "limit": 2.0}],
        filters_used=[{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^vendor/"]}],
    )
    files = {
        "a.py": f"{AWS} {GITHUB} token='{HEX}'",
        "vendor/b.py": AWS,
        "ci.yaml": chosen,
        ".secrets.baseline": chosen,
    }
    result = scan(make_tree(files))
    assert places(result) == [("SECRET-AWS", "a.py", 1), ("SECRET-KEYWORD", "a.py", 1)]
    assert result.facts["passed_over_files"] == ["vendor/b.py"]
    assert result.facts["baseline_filters"] == ["regex.should_exclude_file"]


def test_under_somebody_elses_policy_a_baseline_lists_what_is_known_and_filters_nothing(
    make_tree: MakeTree, scan: Scan
) -> None:
    filters = [{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": [".*"]}]
    known = baseline(plugins_used=[], filters_used=filters, results=listed("a.py", AWS))
    result = scan(make_tree({"a.py": AWS, "b.py": GITHUB, ".secrets.baseline": known}), baseline_loosens=False)
    assert [path for _, path, _ in new(result)] == ["b.py"]
    assert len(result.existing) == 1
    assert result.facts["baseline_filters_refused"] == ["regex.should_exclude_file"]


@pytest.mark.parametrize("known", [{}, {".secrets.baseline": "default"}])
def test_comments_can_be_forbidden_to_say_that_it_is_none(
    make_tree: MakeTree, scan: Scan, known: dict[str, str | bytes]
) -> None:
    tree = make_tree(
        {
            "a.py": f"key = '{AWS}'  # pragma: allowlist secret\n",
            "b.py": f"# pragma: allowlist nextline secret\nkey = '{GITHUB}'\n",
            **dict.fromkeys(known, baseline()),
        }
    )
    assert places(scan(tree)) == []
    assert [path for _, path, _ in places(scan(tree, no_pragmas=True))] == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be parsed as a detect-secrets baseline"),
        ("[" * 100_000, "cannot be parsed as a detect-secrets baseline"),
        (b"\xff\xfe", "cannot be parsed as a detect-secrets baseline"),
        (baseline(version="x"), "cannot be parsed as a detect-secrets baseline"),
        (baseline(results={"a.py": [{"type": 1}]}), "cannot be parsed as a detect-secrets baseline"),
        (baseline(version="0.14.3"), "is of version 0.14.3; 1.0 or later is read"),
        (baseline(plugins_used=[{"name": "Mine", "path": "file:///tmp/evil.py"}]), "wants to run the custom"),
        (baseline(plugins_used=[{"name": "Mine", "path": "evil.py"}]), "names no file for the custom plugin"),
        (baseline(plugins_used=[{"name": "NoSuchPlugin"}]), "which detect-secrets does not have"),
        (baseline(plugins_used=[{"name": "HexHighEntropyString", "limit": 99}]), "that it does not take"),
        (baseline(plugins_used=[{"name": "HexHighEntropyString", "limit": "x"}]), "that it does not take"),
        (baseline(plugins_used=[{"name": "AWSKeyDetector", "x": [1]}]), "that it does not take"),
        (baseline(plugins_used=[{}]), "names no plugin"),
        (baseline(filters_used=[{"path": "file://evil.py::f"}]), "wants to run the custom filter"),
        (baseline(filters_used=[{"path": "os.system"}]), "not supported yet"),
        (
            baseline(filters_used=[{"path": "detect_secrets.filters.gibberish.should_exclude_secret"}]),
            "not supported yet",
        ),
        (
            baseline(filters_used=[{"path": "detect_secrets.filters.regex.should_exclude_line", "pattern": ["("]}]),
            "cannot be understood",
        ),
        (baseline(filters_used=[{"path": 1}]), "cannot be understood"),
    ],
)
def test_a_baseline_that_cannot_be_used_is_an_error(
    make_tree: MakeTree, scan: Scan, content: str | bytes, words: str
) -> None:
    result = scan(make_tree({"a.py": AWS, ".secrets.baseline": content}))
    (error,) = result.errors
    assert error.path == ".secrets.baseline"
    assert words in error.title
    assert ("SECRET-AWS", "a.py", 1) in places(result), "and the tree is scanned all the same"


def test_code_that_a_baseline_names_is_never_run(make_tree: MakeTree, scan: Scan, tmp_path: Path) -> None:
    evil = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    named = [{"name": "Evil", "path": f"file://{tmp_path}/tree/evil.py"}]
    filters = [{"path": f"file://{tmp_path}/tree/evil.py::f"}]
    scan(make_tree({"evil.py": evil, ".secrets.baseline": baseline(plugins_used=named, filters_used=filters)}))
    scan(make_tree({"evil.py": evil, ".secrets.baseline": baseline(filters_used=filters)}))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd"])
def test_a_baseline_outside_the_tree_is_none(make_tree: MakeTree, scan: Scan, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text(baseline(results=listed("a.py", AWS)))
    assert len(scan(make_tree({"a.py": AWS}), baseline=path).findings) == 1


# Commits


class History:
    """A git repository that tests add commits to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, **files: str | None) -> str:
        for name, content in files.items():
            if content is None:
                (self.root / name).unlink()
            else:
                (self.root / name).write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")
        return self.git("rev-parse", "HEAD")

    def range(self, head: str, *exclude: str) -> CommitRange:
        return CommitRange(root=str(self.root), name="push", head=head, exclude=exclude)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "repository")


def test_a_secret_added_and_removed_within_a_push_is_found(history: History, scan: Scan) -> None:
    first = history.commit(a="nothing")
    leak = history.commit(a=f"x\n{AWS}")
    last = history.commit(a="nothing again")
    result = scan(history.range(last, first))
    assert [(found.location.path, found.location.line, found.location.commit) for found in result.findings] == [
        ("a", 2, leak)
    ]
    assert f"added by commit {leak[:12]}" in result.findings[0].message
    assert (result.facts["commits"], result.facts["blobs"]) == (2, 2)
    assert result.facts["bytes"] == len(f"x\n{AWS}") + len("nothing again")


def test_what_was_pushed_before_is_not_looked_at(history: History, scan: Scan) -> None:
    old = history.commit(a=AWS)
    new = history.commit(b="nothing")
    assert scan(history.range(new, old)).findings == ()


def test_a_merge_of_pushed_work_adds_nothing(history: History, scan: Scan) -> None:
    base = history.commit(a="1")
    history.git("checkout", "-q", "-b", "side")
    history.commit(b="2")
    history.git("checkout", "-q", "main")
    pushed = history.commit(leak=AWS)
    history.git("checkout", "-q", "side")
    history.git("merge", "-q", "main", "-m", "merge")
    assert scan(history.range(history.git("rev-parse", "HEAD"), pushed, base)).findings == ()


def test_a_secret_in_several_commits_is_one_finding(history: History, scan: Scan) -> None:
    first = history.commit(a=AWS)
    last = history.commit(a=f"more\n{AWS}")
    (found,) = scan(history.range(last)).findings
    assert found.location.commit == first
    assert "in 2 versions of the file" in found.message


def test_tree_and_commits_agree_on_the_fingerprint(history: History, scan: Scan) -> None:
    head = history.commit(a=AWS)
    on_disk = scan(Tree(root=str(history.root), name="tree"))
    at_revision = scan(Tree(root=str(history.root), name="tree", revision=head))
    added = scan(history.range(head))
    prints = [[found.fingerprint for found in result.findings] for result in (on_disk, at_revision, added)]
    assert len(prints[0]) == 1
    assert prints[0] == prints[1] == prints[2]


def test_the_baseline_of_the_head_counts(history: History, scan: Scan) -> None:
    head = history.commit(**{"a": AWS, ".secrets.baseline": baseline(results=listed("a", AWS))})
    result = scan(history.range(head))
    assert (new(result), result.facts["baselined"]) == ([], 1)


def test_a_range_in_a_bare_repository(history: History, scan: Scan, tmp_path: Path) -> None:
    head = history.commit(a=AWS)
    history.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    result = scan(CommitRange(root=str(tmp_path / "bare"), name="push", head=head))
    assert places(result) == [("SECRET-AWS", "a", 1)]


def test_a_large_text_in_a_commit_is_an_error(history: History, scan: Scan) -> None:
    result = scan(history.range(history.commit(a="x" * 2000)), max_file_size=1000)
    assert [error.path for error in result.errors] == ["a"]


@pytest.mark.parametrize("head", ["0123456789" * 4, "no-such-branch", "--all"])
def test_a_range_that_cannot_be_resolved_is_an_error(history: History, scan: Scan, head: str) -> None:
    history.commit(a="1")
    assert scan(history.range(head)).status is StageStatus.ERROR


def test_a_commit_to_leave_out_that_is_not_there_leaves_out_nothing_and_is_told(history: History, scan: Scan) -> None:
    head = history.commit(a=AWS)
    for lost in ("0123456789" * 4, "no-such-branch", "--all"):
        result = scan(history.range(head, lost))
        assert places(result) == [("SECRET-AWS", "a", 1)]
        assert result.facts["unknown_commits_not_left_out"] == [lost]


def test_commits_that_add_nothing_are_skipped(history: History, scan: Scan) -> None:
    first = history.commit(a="1")
    assert scan(history.range(first, first)).skipped == "the commits add no file"
    assert scan(history.range("0" * 40)).skipped == "the commits add no file"


def test_nothing_of_the_repository_is_run(history: History, scan: Scan, tmp_path: Path) -> None:
    script = tmp_path / "evil"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
    script.chmod(0o755)
    head = history.commit(**{"a": AWS, ".gitattributes": "* diff=evil filter=evil\n"})
    keys = ("diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.smudge", "gpg.program")
    for key in (*keys, "core.pager", "core.fsmonitor"):
        history.git("config", key, str(script))
    history.git("config", "log.showSignature", "true")
    assert len(scan(history.range(head)).findings) == 1
    assert not (tmp_path / "ran").exists()


# Rules


def test_every_detector_has_a_rule() -> None:
    from gate.secrets.engine.configuration import DEFAULT, GATE
    from gate.secrets.engine.detectors import Detectors
    from gate.secrets.kinds.catalogue import KINDS

    plugins = (*Detectors(DEFAULT).plugins.values(), *Detectors(GATE).own.values())
    assert set(KINDS) == {plugin.secret_type for plugin in plugins}


def test_rules_are_complete_and_their_ids_differ() -> None:
    rules = list(secrets.rules(Settings()))
    assert len({rule.id for rule in rules}) == len(rules) >= 480
    assert all(rule.id.startswith("SECRET-") and rule.why and rule.mend and rule.title for rule in rules)


def test_importing_the_stage_imports_no_engine() -> None:
    rules = "import gate.settings as g, gate.stages.secrets as s; list(s.rules(g.Settings()))"
    code = f"{rules}; import sys; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert not {"detect_secrets", "hyperscan", "git", "yaml", "requests"} & set(eval(loaded))  # our own output


# What is hidden in a file


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_archives_are_looked_into(make_tree: MakeTree, scan: Scan) -> None:
    inner = zipped(**{"conf/a.env": f"x\nKEY={AWS}\n".encode(), "b.png": b"\x89PNG"})
    result = scan(make_tree({"lib/outer.zip": zipped(**{"c.jar": inner, "d.txt": GITHUB.encode()})}))
    assert places(result) == [
        ("SECRET-AWS", "lib/outer.zip!/c.jar!/conf/a.env", 2),
        ("SECRET-GITHUB", "lib/outer.zip!/d.txt", 1),
    ]
    assert result.facts["archives_files"] == ["lib/outer.zip"]


def test_an_archive_that_cannot_be_read_is_named(make_tree: MakeTree, scan: Scan) -> None:
    files = {"a.zip": zipped(x=b"1")[:30], "b.zip": zipped(**{"c.gz": b"\x1f\x8b\x08"}), "d.zip": AWS.encode()}
    result = scan(make_tree(files))
    assert result.facts["archives_unread_files"] == ["a.zip", "b.zip!/c.gz"]
    assert result.errors == ()


def test_archives_within_archives_have_an_end(make_tree: MakeTree, scan: Scan) -> None:
    content = b"x"
    for _ in range(5):
        content = zipped(**{"a.zip": content})
    (error,) = scan(make_tree({"a.zip": content})).errors
    assert (error.path, error.title) == ("a.zip", "a.zip!/a.zip: holds archives more than 3 deep")


def test_compat_mode_looks_into_no_archive(make_tree: MakeTree, scan: Scan) -> None:
    result = scan(make_tree({"a.zip": zipped(a=AWS.encode())}), mode="compat")
    assert (result.findings, result.facts["passed_over"]) == ((), 1)


def test_what_is_encrypted_is_safe_and_counted(make_tree: MakeTree, scan: Scan) -> None:
    sealed = f"kind: SealedSecret\nspec:\n  encryptedData:\n    password: {'AgBy3i4OJSWK' * 5}\n"
    vault = "$ANSIBLE_VAULT;1.1;AES256\n" + "3132333435" * 8 + "\n"
    result = scan(make_tree({"a.yaml": sealed, "vault.yml": vault, "b.key": b"\0GITCRYPT\0" + bytes(range(128, 160))}))
    assert result.findings == ()
    assert result.facts["encrypted_files"] == ["b.key", "vault.yml"]
    assert result.facts["dropped_as"] == ["encrypted by Sealed Secrets: 1"]


def test_what_git_lfs_keeps_elsewhere_is_named(make_tree: MakeTree, scan: Scan) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0f' * 32}\nsize 12345\n"
    result = scan(make_tree({"dump.sql": pointer, "dump.txt": f"{pointer}{AWS}\n"}))
    assert (result.facts["lfs_pointers"], result.facts["lfs_pointers_files"]) == (1, ["dump.sql"])
    assert [finding.location.path for finding in result.findings] == ["dump.txt"]


def test_a_notebook_s_finding_says_which_cell(make_tree: MakeTree, scan: Scan) -> None:
    cell = {"cell_type": "code", "source": ["import os\n", f"key = '{AWS}'\n"]}
    (found,) = scan(make_tree({"a.ipynb": json.dumps({"cells": [cell]}, indent=1)})).findings
    assert found.location.line == 7
    assert found.message == "AWS access key, cell 1, beginning with AKIA…"


def test_a_kubernetes_secret_is_read_decoded(make_tree: MakeTree, scan: Scan) -> None:
    key = base64.b64encode(AWS.encode()).decode()
    placeholder = base64.b64encode(b"changeme").decode()
    manifest = f"kind: Secret\ndata:\n  id: {key}\n  password: {placeholder}\n"
    (found,) = scan(make_tree({"a.yaml": manifest})).findings
    assert (found.rule, found.location.line) == ("SECRET-AWS", 3)
    assert "key id" in found.message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(make_tree: MakeTree, scan: Scan, encoding: str) -> None:
    result = scan(make_tree({"a.txt": f"nothing\né {AWS}\n".encode(encoding)}))
    assert places(result) == [("SECRET-AWS", "a.txt", 2)]


def test_a_minified_file_has_its_column(make_tree: MakeTree, scan: Scan) -> None:
    code = "var a=1;" * 5000 + f'k="{AWS}";' + "b();" * 5000
    (found,) = scan(make_tree({"app.min.js": code})).findings
    assert (found.location.line, found.location.column) == (1, 40_004)


# What is worth stopping for


def test_a_token_that_says_that_it_expired_is_reported_and_worth_little(make_tree: MakeTree, scan: Scan) -> None:
    def token(expires: int) -> str:
        parts = (b'{"alg":"HS256","typ":"JWT"}', json.dumps({"sub": "7f3a9c", "exp": expires}).encode())
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".Zk3vQ9x2LmT7pWc1RbYs"

    text = f"old_token = '{token(1_500_000_000)}'\nnew_token = '{token(4_000_000_000)}'\n"
    worth = {found.location.line: found.worth for found in scan(make_tree({"app/a.py": text})).findings}
    assert worth == {1: Worth.LOW, 2: Worth.MEDIUM}


def test_a_secret_in_the_program_and_in_a_test_is_worth_what_the_program_makes_it(
    make_tree: MakeTree, scan: Scan
) -> None:
    text = f"key = '{AWS}'\n"
    (alone,) = scan(make_tree({"tests/a.py": text})).findings
    assert alone.worth is Worth.LOW
    (both,) = scan(make_tree({"tests/a.py": text, "zoo/a.py": text})).findings
    assert (both.location.path, both.worth) == ("zoo/a.py", Worth.MEDIUM)
