"""nginx and Apache in folders of their own."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

BUILT = "configure arguments: --prefix=/srv/web --conf-path=/srv/conf/nginx.conf --modules-path=/srv/lib"
NGINX = {
    "!usr/sbin/nginx": make_elf(strings=[BUILT]),
    "srv/conf/nginx.conf": "load_module modules/one.so;\nhttp { \n  include parts/*.conf;\n}\n# load_module no.so;\n",
    "srv/conf/parts/a.conf": "load_module /opt/two.so;\n",
    "srv/web/modules/one.so": "",
    "srv/lib/three.so": "",
    "srv/lib/no.so": "",
    "opt/two.so": "",
    "opt/other.conf": "load_module modules/three.so;\n",
    "opt/web/modules/three.so": "",
}
APACHE = {
    "!usr/local/apache2/bin/httpd": make_elf(
        strings=[' -D HTTPD_ROOT="/usr/local/apache2"', ' -D SERVER_CONFIG_FILE="conf/httpd.conf"']
    ),
    "usr/local/apache2/conf/httpd.conf": (
        'Define SRV "/usr/local/apache2"\nServerRoot "${SRV}"\nLoadModule one_module modules/mod_one.so\n'
        "<IfModule x>\n  Include conf/extra/*.conf\n</IfModule>\nIncludeOptional conf/sites\n"
        "#LoadModule no modules/no.so\n"
    ),
    "usr/local/apache2/conf/extra/a.conf": "LoadModule two_module modules/mod_two.so\n",
    "usr/local/apache2/conf/sites/b": "LoadFile /opt/lib.so\n",
    "usr/local/apache2/modules/mod_one.so": "",
    "usr/local/apache2/modules/mod_two.so": "",
    "usr/local/apache2/modules/no.so": "",
    "opt/lib.so": "",
    "opt/modules/mod_one.so": "",
    "opt/mine.conf": "LoadModule one_module modules/mod_one.so\n",
}


@pytest.mark.parametrize(
    ("tree", "command", "loaded"),
    [
        (NGINX, "nginx -g 'daemon off;'", {"srv/web/modules/one.so", "opt/two.so"}),
        (NGINX, "nginx -c /opt/other.conf", {"srv/lib/three.so"}),
        (NGINX, "nginx -p /opt/web -c /opt/other.conf", {"opt/web/modules/three.so", "srv/lib/three.so"}),
        (
            APACHE,
            "/usr/local/apache2/bin/httpd -DFOREGROUND",
            {"usr/local/apache2/modules/mod_one.so", "usr/local/apache2/modules/mod_two.so", "opt/lib.so"},
        ),
        (APACHE, "/usr/local/apache2/bin/httpd -d /opt -f mine.conf", {"opt/modules/mod_one.so"}),
    ],
)
def test_modules_are_looked_for_in_the_servers_own_folders(run, tree, command, loaded):
    found = run(tree, command)
    assert {path for path in found.certain if path.endswith(".so")} == loaded
    assert found.gaps == ()


def test_programs_in_a_folder_for_scripts_may_be_started(run):
    settings = APACHE["usr/local/apache2/conf/httpd.conf"] + "ScriptAlias /cgi-bin/ /srv/cgi/\n"
    cgi = {"usr/local/apache2/conf/httpd.conf": settings, "!srv/cgi/run": "#!/bin/sh\n", "!srv/other/run": ""}
    found = run(APACHE | cgi, "/usr/local/apache2/bin/httpd -DFOREGROUND")
    assert "srv/cgi/run" in found.possible
    assert "srv/other/run" not in found.possible


def test_settings_that_include_one_another_come_to_an_end(run):
    tree = NGINX | {"srv/conf/parts/a.conf": "include parts/a.conf;\ninclude nginx.conf;\n"}
    assert "srv/conf/parts/a.conf" in run(tree, "nginx").certain


@pytest.mark.parametrize(
    ("front", "is_possible"), [("httpd", False), ("own httpd", False), ("/etc/sv/run", False), ("other", True)]
)
def test_settings_of_a_server_that_nothing_includes_are_not_read(run, front, is_possible):
    """A program that has the same folder among its strings may read any of them."""
    strings = [' -D HTTPD_ROOT="/etc/httpd"', ' -D SERVER_CONFIG_FILE="httpd.conf"', "/etc/httpd"]
    tree = {
        "!usr/bin/httpd": make_elf(strings=strings),
        "!usr/bin/other": make_elf(strings=strings),
        "!usr/bin/own": "#!/usr/bin/sh\nexec $1\n",
        "!usr/bin/sh": "",
        "!etc/sv/run": "#!/usr/bin/sh\nexec /usr/bin/httpd -D X\n",
        "etc/httpd/httpd.conf": "Include on/*.conf\n",
        "etc/httpd/on/one.conf": "",
        "etc/httpd/off/two.conf": "SSLPassPhraseDialog exec:/usr/bin/ask\n",
    }
    found = run(tree, front, PATH="/usr/bin")
    assert ("etc/httpd/off/two.conf" in found.possible) is is_possible
    assert is_possible or "etc/httpd/on/one.conf" in found.certain


def test_the_first_page_of_what_a_server_serves_is_opened(run):
    tree = NGINX | {"srv/conf/parts/b.conf": 'server { \n root "/srv/shop";\n}', "srv/shop/index.php": "<?php"}
    tree |= {"srv/other/index.php": "<?php"}
    found = run(tree, "/usr/sbin/nginx").certain
    assert "srv/shop/index.php" in found
    assert "srv/other/index.php" not in found
