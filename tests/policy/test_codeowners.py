"""CODEOWNERS as GitHub and GitLab read it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import ConfigError
from gate.core.path_patterns import MAX_PATTERN
from gate.policy.assemble import codeowners_of
from gate.policy.codeowners import parse
from gate.policy.file_places import Disk
from gate.policy.layers import PolicyLayer
from gate.policy.repository_files import OwnFiles
from gate.policy.trusted_sources import trusted_sources_of
from gate.settings.policy import Waiving

TEXT = """\
# who owns what
*            @everyone
/api/        @shop/api  api@example.com   # the service
docs/*.md    @writers
my\\ folder/  @blanks

[Deployment][2] @ops
/deploy/
/deploy/db/  @dba
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("@everyone",)),
        ("api/main.py", ("@shop/api", "api@example.com")),
        ("web/api/main.py", ("@everyone",)),
        ("docs/a.md", ("@writers",)),
        ("docs/deep/a.md", ("@everyone",)),
        ("my folder/a", ("@blanks",)),
        ("deploy/a", ("@ops",)),
        ("deploy/db/a", ("@dba",)),
    ],
)
def test_the_last_line_that_matches_names_the_owners(path: str, owners: tuple[str, ...]) -> None:
    assert parse(TEXT, "CODEOWNERS").of(path) == owners


def test_a_pattern_that_takes_too_long_to_match_is_an_error_with_its_number() -> None:
    parse(f"* @a\n{'a' * MAX_PATTERN} @b", "CODEOWNERS")
    with pytest.raises(ConfigError, match="the pattern has more than") as caught:
        parse(f"* @a\n{'a' * (MAX_PATTERN + 1)} @b", "CODEOWNERS")
    assert caught.value.path == "CODEOWNERS:2"


@pytest.mark.parametrize("line", ["* nobody", "/a @b c", "a @", "a mail@"])
def test_a_line_that_is_wrong_is_an_error_with_its_number(line: str) -> None:
    with pytest.raises(ConfigError, match=r"CODEOWNERS:2: .* is not an owner; write @name"):
        parse(f"# first\n{line}\n", "CODEOWNERS")


@given(st.text(alphabet="ab*/[]?\\ @#.-\n^", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConfigError):
        parse(text, "CODEOWNERS").of("a/b")


def test_it_is_found_where_the_platforms_look(tmp_path: Path) -> None:
    files = OwnFiles(Disk(str(tmp_path)), trusted_sources_of(str(tmp_path), "head", None))
    assert files.codeowners() is None
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_text("* @a")
    (tmp_path / "CODEOWNERS").write_text("* @b")
    found = files.codeowners()
    assert found is not None
    path, codeowners = found
    assert (path, codeowners.of("x")) == (".github/CODEOWNERS", ("@a",))


def test_it_is_read_where_a_layer_lets_owners_waive(tmp_path: Path) -> None:
    files = OwnFiles(Disk(str(tmp_path)), trusted_sources_of(str(tmp_path), "head", None))
    plain, asking = PolicyLayer(source="a"), PolicyLayer(source="b", waivers=Waiving(owners=("dana", "codeowners")))
    assert codeowners_of(files, [plain, asking]) is None
    (tmp_path / "CODEOWNERS").write_text("* @b")
    found = codeowners_of(files, [plain, asking])
    assert found is not None
    assert found.of("x") == ("@b",)
    assert codeowners_of(files, [plain]) is None


def test_one_that_is_no_text_is_an_error_that_names_it(tmp_path: Path) -> None:
    files = OwnFiles(Disk(str(tmp_path)), trusted_sources_of(str(tmp_path), "head", None))
    (tmp_path / "CODEOWNERS").write_bytes(b"* @\xff")
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        files.codeowners()
    assert str(caught.value.path).endswith("CODEOWNERS:1")
