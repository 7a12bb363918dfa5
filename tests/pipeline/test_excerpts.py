"""The lines around findings."""

from collections.abc import Callable

import pytest

from gate.model import Excerpt, Finding, Image, Location, Package, Secret, Severity, Tree
from gate.pipeline.excerpts import MOST, ExcerptLines, Lines, shown_lines, with_excerpts

LINES = "".join(f"line {number}\n" for number in range(1, 10))


def finding(line: int | None, path: str | None = "f", **parts: object) -> Finding:
    where = Location(target="tree", path=path, line=line)
    wording = {"rule": "r", "severity": Severity.HIGH, "title": "t", "message": "m", "fingerprint": str(line)} | parts
    return Finding(stage="s", location=where, **wording)  # type: ignore[arg-type]


def show(parts: tuple[ExcerptLines, ...]) -> tuple[Lines, ...]:
    return shown_lines(parts, ())


def excerpts(tree: Tree, *findings: Finding) -> list[Excerpt | None]:
    return [one.excerpt for one in with_excerpts(findings, [tree], show)]


@pytest.mark.parametrize(
    ("line", "first", "shown"),
    [(5, 3, ["line 3", "line 4", "line 5", "line 6", "line 7"]), (1, 1, ["line 1", "line 2", "line 3"]), (9, 7, None)],
)
def test_two_lines_before_and_after(
    make_tree: Callable[..., Tree], line: int, first: int, shown: list[str] | None
) -> None:
    (excerpt,) = excerpts(make_tree({"f": LINES}), finding(line))
    assert excerpt == Excerpt(first_line=first, lines=tuple(shown or ["line 7", "line 8", "line 9"]))


@pytest.mark.parametrize(
    ("content", "line", "path"),
    [
        (LINES, 10, "f"),
        (LINES, 3, "gone"),
        (LINES, 3, "../f"),
        (LINES, 3, "f!/inner"),
        (LINES, None, "f"),
        (LINES, 3, None),
        ("a\0b\n", 1, "f"),
        ("x" * 2_001 + "\n", 1, "f"),
        ("line\n" * 60_000, 1, "f"),
        ("", 1, "f"),
    ],
)
def test_what_cannot_be_shown_has_no_excerpt(
    make_tree: Callable[..., Tree], content: str, line: int | None, path: str | None
) -> None:
    assert excerpts(make_tree({"f": content}), finding(line, path)) == [None]


def test_packages_and_images_have_none(make_tree: Callable[..., Tree]) -> None:
    package = Package(name="a", version="1", ecosystem="npm", purl="pkg:npm/a@1")
    assert excerpts(make_tree({"f": LINES}), finding(3, package=package)) == [None]
    image = Image(source="docker", reference="t", name="tree")
    assert [one.excerpt for one in with_excerpts([finding(3)], [image], show)] == [None]


def test_lines_are_visible_and_of_bounded_width(make_tree: Callable[..., Tree]) -> None:
    (excerpt,) = excerpts(make_tree({"f": "\ta\x1b[31m\u202eb\n" + "y " * 150 + "\n"}), finding(1))
    assert excerpt is not None
    assert excerpt.lines[0] == r"    a\x1b[31m\u202eb"
    assert (len(excerpt.lines[1]), excerpt.lines[1][-1]) == (200, "…")


def test_a_line_in_which_any_program_found_a_secret_is_hidden(make_tree: Callable[..., Tree]) -> None:
    """A detector of the project's own may know a secret that ours does not."""
    secret = finding(2, secret=Secret(type="Own", hash="", redacted="…"))
    for excerpt in excerpts(make_tree({"f": "a\nzzz-yyy\nb\n"}), finding(1), secret):
        assert excerpt is not None
        assert excerpt.lines == ("a", "…", "b")


def test_the_worst_get_theirs_first(make_tree: Callable[..., Tree]) -> None:
    minor = [finding(1, severity=Severity.LOW) for _ in range(MOST)]
    shown = excerpts(make_tree({"f": LINES}), *minor, finding(2, severity=Severity.LOW, blocking=True), finding(3))
    assert [one is not None for one in shown] == [*[True] * (MOST - 2), False, False, True, True]
