"""`gate run --shard` and `gate merge`: the shares together say what one run says."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from gate.cli import main
from tests.attestation.test_attestation import Keys

FILES: dict[str, str | bytes] = {
    "Dockerfile": "FROM debian:latest\nRUN chmod 777 /srv\n",
    "conf/a.env": "PASSWORD=correct-horse-battery-Staple9\n",  # pragma: allowlist secret
    "README": "hello\n",
}


@pytest.fixture
def root(make_tree, own_cache) -> Path:  # type: ignore[no-untyped-def]
    return Path(make_tree(FILES).root)


def judged(report: Path, *words: str) -> int:
    return main([*words, "--report", f"json={report}", "--report", f"junit={report}.xml"])


def told(report: Path) -> dict[str, object]:
    """Return a report without its times, share and digest; the reasons in one order, which parts cannot know."""
    text = re.sub(r'"(duration_s|started_at|finished_at)": [^,\n]*', r'"\1": null', report.read_text())
    content: dict[str, object] = {**json.loads(text), "part": None, "sha256": None}
    content["verdict"]["reasons"].sort(key=lambda reason: reason["rule"])  # type: ignore[index]
    return content


def test_the_shares_joined_are_the_whole(root: Path, tmp_path: Path) -> None:
    run = ("run", str(root), "--offline", "--jobs", "1")
    whole = judged(tmp_path / "whole", *run)
    parts = [tmp_path / f"part-{index}" for index in (1, 2)]
    for index, part in enumerate(parts, 1):
        judged(part, *run, "--shard", f"{index}/2")
    assert judged(tmp_path / "merged", "merge", *map(str, reversed(parts))) == whole
    assert told(tmp_path / "merged") == told(tmp_path / "whole")
    assert json.loads((tmp_path / "merged").read_text())["verdict"]["status"] == "fail"


def test_a_part_that_is_not_there_makes_the_whole_incomplete(root: Path, tmp_path: Path) -> None:
    judged(tmp_path / "part-1", "run", str(root), "--offline", "--jobs", "1", "--stage", "secrets", "--shard", "1/2")
    assert judged(tmp_path / "merged", "merge", str(tmp_path / "part-1"), str(tmp_path / "part-2")) == 3
    reasons = json.loads((tmp_path / "merged").read_text())["verdict"]["reasons"]
    assert any("part 2/2 is missing" in reason["message"] for reason in reasons)
    assert "part 2/2 is missing" in (tmp_path / "merged.xml").read_text()


def test_with_a_key_only_reports_count_that_were_attested(make_tree, own_cache, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    root, keys = committed(make_tree({"Dockerfile": "FROM scratch\n"}).root), Keys(tmp_path, "ci")
    parts = [str(tmp_path / f"{index}.json") for index in (1, 2)]
    for index, part in enumerate(parts, 1):
        run = ("run", root, "--stage", "dockerfile", "--stage", "secrets", "--jobs", "1", "--shard", f"{index}/2")
        assert main([*run, "--report", f"json={part}"]) == 0
        assert main(["attest", part, "--key", keys.private, "--output", f"{part}.intoto.json"]) == 0
    merged = ("merge", *parts, "--key", keys.public, "--parts", "2")
    assert judged(tmp_path / "merged", *merged) == 0
    Path(parts[0]).write_text(Path(parts[0]).read_text().replace("FROM", "from") + " ")
    assert judged(tmp_path / "merged", *merged) == 3
    assert "1.json: is not the report that its attestation is about" in (tmp_path / "merged").read_text()
    Path(f"{parts[1]}.intoto.json").unlink()
    assert judged(tmp_path / "merged", *merged[:3], "--parts", "3") == 3
    assert main([*merged]) == 3


@pytest.mark.parametrize("flag", [("--key", ""), ("--parts", "0")])
def test_a_flag_that_would_check_nothing_is_wrong_usage(flag: tuple[str, str]) -> None:
    assert main(["merge", "a.json", *flag]) == 2


def committed(root: str) -> str:
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=root, check=True)
    return root
