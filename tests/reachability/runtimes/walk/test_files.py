"""How the files of an image are looked up and listed."""

from collections.abc import Callable, Mapping

from gate.reachability.runtimes.walk.files import Files

Make = Callable[[Mapping[str, str | bytes]], Files]
TREE = {"etc/a/b/c": "", "etc/a/d": "", "etc/e": "", "usr/f": "", "link": "-> etc/a"}


def test_what_lies_below_a_folder_is_listed_level_by_level(make_files: Make) -> None:
    files = make_files(TREE)
    assert list(files.below("/etc")) == ["etc/a", "etc/e", "etc/a/b", "etc/a/d", "etc/a/b/c"]
    assert list(files.below("link/")) == ["etc/a/b", "etc/a/d", "etc/a/b/c"]
    levels = ["etc", "link", "usr", "etc/a", "etc/e", "usr/f", "etc/a/b", "etc/a/d", "etc/a/b/c"]
    assert list(files.below("")) == levels
    assert not list(files.below("none"))


def test_a_folder_that_is_not_entered_is_listed_itself(make_files: Make) -> None:
    assert list(make_files(TREE).below("etc", lambda path: path != "etc/a/b")) == [
        "etc/a",
        "etc/e",
        "etc/a/b",
        "etc/a/d",
    ]


def test_links_to_folders_are_not_gone_into_however_many_there_are(make_files: Make) -> None:
    links = {f"loop/{name}": "-> ." for name in "abcdefgh"}
    assert list(make_files(links).below("loop")) == sorted(links)
