"""Classes by the lists that phpab writes for Debian's packages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.languages.php_lists import listed_classes
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree

LIST = r"""<?php
require_once '/usr/share/php/Psr/Log/autoload.php';
spl_autoload_register(function($class) {
    static $classes = array(
        'monolog\\logger' => '/Logger.php',
        'monolog\\handler\\streamhandler' => '/Handler/StreamHandler.php'
    );
    $cn = strtolower($class);
    if (isset($classes[$cn])) { require __DIR__ . $classes[$cn]; }
}, true, false);"""
PHP = {
    "!usr/bin/php8.4": "",
    "usr/share/php/Monolog/autoload.php": LIST,
    "usr/share/php/Monolog/Logger.php": "",
    "usr/share/php/Monolog/Handler/StreamHandler.php": "",
    "usr/share/php/Psr/Log/autoload.php": "<?php",
}


@pytest.mark.parametrize(
    ("source", "file"),
    [
        (r"new \Monolog\Logger('x');", "usr/share/php/Monolog/Logger.php"),
        (r"use Monolog\{Handler\StreamHandler, Logger};", "usr/share/php/Monolog/Handler/StreamHandler.php"),
        ("require_once 'Monolog/autoload.php';", "usr/share/php/Psr/Log/autoload.php"),
        ("require 'Monolog/autoload.php';", "usr/share/php/Monolog/autoload.php"),
    ],
)
def test_a_source_reaches_what_lists_have(run, source, file):
    assert file in run(PHP | {"srv/run.php": f"<?php {source}"}, "php8.4 /srv/run.php").certain


def test_a_class_that_no_source_names_is_not_reached(run):
    reached = run(PHP | {"srv/run.php": r"<?php new Monolog\Logger;"}, "php8.4 /srv/run.php")
    assert "usr/share/php/Monolog/Handler/StreamHandler.php" not in reached.certain


def test_the_lists_of_composer_have_a_form_of_their_own():
    tree = SmallTree({"srv/vendor/autoload.php": LIST, "srv/lib/autoload.php": LIST})
    assert listed_classes(Files(tree))["monolog\\logger"] == "/srv/lib/Logger.php"


@given(st.text(alphabet="'\\ab=>/.\n, ", max_size=200))
def test_any_list_is_read(text):
    assert isinstance(listed_classes(Files(SmallTree({"srv/autoload.php": text}))), dict)
