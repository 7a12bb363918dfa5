"""Builds of one module stream are not compared with those of another."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gate.advisories import Matches

Make = Callable[..., Any]
LABEL = "pkg:rpm/almalinux/nodejs@1?arch=source&rpmmod=nodejs:18:8100020240513:abc"
BUILD = "1:18.20.4-1.module_el8.10.0+1"


@pytest.fixture
def judged(make_bucket: Make, advisory: Make, package: Make, match: Make) -> Callable[..., list[tuple[str, str]]]:
    """Return what is found: (advisory, the version that the finding's fix names)."""

    def judge(version: str, purl: str, title: str = "Important: nodejs:20 security update") -> list[tuple[str, str]]:
        fixed = {"ALSA-18": "1:18.20.8-1.module_el8.10.0+2", "ALSA-20": "1:20.19.2-1.module_el8.10.0+3"}
        titles = {"ALSA-18": "Important: nodejs:18 security update", "ALSA-20": title}
        bucket = make_bucket(
            {"AlmaLinux": [advisory(id, "AlmaLinux:8", "nodejs", "0", fixed[id], summary=titles[id]) for id in fixed]}
        )
        installed = msgspec.structs.replace(package("AlmaLinux:8", "nodejs", version), purl=purl)
        found: Matches = match(bucket, installed)
        assert found.errors == ()
        return [(one.rule, one.fix.description.split(": ")[0].rpartition(" ")[2]) for one in found.findings if one.fix]

    return judge


def test_a_package_is_judged_by_the_advisories_of_its_stream(judged: Make) -> None:
    assert judged(BUILD, LABEL) == [("ALSA-18", "1:18.20.8-1.module_el8.10.0+2")]


def test_what_is_fixed_in_its_stream_is_fixed(judged: Make) -> None:
    assert judged("1:18.20.8-1.module_el8.10.0+2", LABEL) == []


def test_a_package_of_no_module_is_not_judged_by_those_of_modules(judged: Make) -> None:
    assert judged("1:16.20.2-8.el8", "pkg:rpm/almalinux/nodejs@1") == []


@pytest.mark.parametrize("title", ["security update", "Important: virt:rhel update", "see https://packages.example"])
def test_an_advisory_that_names_no_stream_of_the_module_is_compared(judged: Make, title: str) -> None:
    assert [id for id, _ in judged(BUILD, LABEL, title)] == ["ALSA-18", "ALSA-20"]


def test_a_build_without_a_label_is_compared(judged: Make) -> None:
    assert [id for id, _ in judged(BUILD, "pkg:rpm/almalinux/nodejs@1")] == ["ALSA-18", "ALSA-20"]


def test_several_streams_of_one_advisory(judged: Make) -> None:
    assert [id for id, _ in judged(BUILD, LABEL, "nodejs:18 and nodejs:20 update")] == ["ALSA-18", "ALSA-20"]
