"""Packages of R, of Lua by LuaRocks, and of WordPress."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.installed import luarocks, r_packages, wordpress
from gate.model import Package

RDS = {"lib/R/library/a/Meta/package.rds": b"x"}


def told(installed: Any, files: dict[str, Any]) -> list[tuple[str, str, str, str | None]]:
    found = installed(files, os_release=None)
    assert found.errors == ()
    return [(one.ecosystem, one.name, one.version, one.license) for one in found.packages]


@pytest.mark.parametrize(
    ("more", "ecosystem"),
    [
        ("Repository: CRAN\n", "CRAN"),
        ("", "CRAN"),
        ("biocViews: Sequencing\n", "Bioconductor"),
        ("git_url: https://git.bioconductor.org/packages/a\n", "Bioconductor"),
    ],
)
def test_an_r_package(installed: Any, more: str, ecosystem: str) -> None:
    text = f"Package: a\nVersion: 1.2-3\nLicense: MIT + file LICENSE\nDescription: b\n  Version: 9\n{more}"
    files = {"lib/R/library/a/DESCRIPTION": text, **RDS}
    assert told(installed, files) == [(ecosystem, "a", "1.2-3", "MIT + file LICENSE")]


def test_parts_of_r_itself_and_sources_are_no_installed_packages(installed: Any) -> None:
    base = {"lib/R/library/a/DESCRIPTION": "Package: stats\nVersion: 4.5\nPriority: base\n", **RDS}
    assert told(installed, {**base, "src/own/DESCRIPTION": "Package: own\nVersion: 1\n"}) == []


def test_an_r_package_without_its_version_is_an_error() -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        list(r_packages.read(b"Package: a\n", "DESCRIPTION", None))


def test_a_package_of_luarocks(installed: Any) -> None:
    home = "usr/local/lib/luarocks/rocks-5.4"
    files = {
        f"{home}/lpeg/1.1.0-2/lpeg-1.1.0-2.rockspec": 'description = {\n  license = "MIT/X11"\n}\n',
        f"{home}/lpeg/1.1.0-2/doc/other-1-1.rockspec": "",
        f"{home}/manifest": "",
        "src/own-1-1.rockspec": "",
    }
    assert told(installed, files) == [("LuaRocks", "lpeg", "1.1.0-2", "MIT/X11")]


HEADER = "<?php\n/**\n * Plugin Name: Contact\n * Version:   5.3.1\n * License: GPL-2.0-or-later\n */\n"


def test_plugins_and_themes_of_wordpress(installed: Any) -> None:
    files = {
        "var/www/html/wp-content/plugins/contact-form/contact.php": HEADER,
        "var/www/html/wp-content/plugins/contact-form/more.php": "<?php // Version: 9\n",
        "var/www/html/wp-content/plugins/contact-form/lib/deep.php": HEADER,
        "var/www/html/wp-content/plugins/late/late.php": " " * 9000 + HEADER,
        "var/www/html/wp-content/themes/twenty/style.css": "/*\nTheme Name: Twenty\nVersion: 1.2\n*/",
    }
    assert told(installed, files) == [
        ("WordPress", "plugins/contact-form", "5.3.1", "GPL-2.0-or-later"),
        ("WordPress", "themes/twenty", "1.2", None),
    ]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: f"Package: {text}\nVersion: {text}".encode()))
def test_any_bytes_state_packages_or_are_a_clear_error(content: bytes) -> None:
    rock = "lib/luarocks/rocks/a/1-1/a-1-1.rockspec"
    plugin = "wp-content/plugins/a/a.php"
    for module, path in ((r_packages, "R/library/a/DESCRIPTION"), (luarocks, rock), (wordpress, plugin)):
        with suppress(UnreadableError):
            assert all(isinstance(one, Package) for one in module.read(content, path, None))
