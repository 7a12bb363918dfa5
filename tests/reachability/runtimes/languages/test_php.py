"""PHP: files that are included, and the packages of the classes that are named.

Goes through `gate/reachability/runtimes/languages/php_settings.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

START = Because("", "starts")
COMPOSER = "srv/vendor/composer/autoload_"
PHP = {
    "!usr/bin/php8.2": "",
    "!usr/sbin/php-fpm8.2": "",
    "usr/lib/apache2/modules/libphp8.2.so": "",
    "srv/vendor/autoload.php": "<?php",
    f"{COMPOSER}psr4.php": r"""<?php return array(
        'Monolog\\' => array($vendorDir . '/monolog/monolog/src/Monolog'),
        'App\\' => array($baseDir . '/src', $baseDir . '/more'),
    );""",
    f"{COMPOSER}classmap.php": r"<?php return array('Old\\Thing' => $vendorDir . '/old/thing/Thing.php');",
    f"{COMPOSER}files.php": r"<?php return array('0e6' => $vendorDir . '/poly/fill/bootstrap.php');",
    "srv/vendor/monolog/monolog/src/Monolog/Logger.php": "",
    "srv/vendor/old/thing/Thing.php": "",
    "srv/vendor/poly/fill/bootstrap.php": "",
    "srv/vendor/un/used/src/A.php": "",
    "srv/src/Shop.php": r"<?php namespace App; use Monolog\Logger;",
    "srv/more/Extra.php": "",
}
LOGGER = "srv/vendor/monolog/monolog/src/Monolog/Logger.php"


def explored(files, *arguments, program="usr/bin/php8.2"):
    return explore([StartedProgram(program=program, arguments=arguments, folder="/srv", because=START)], files)


@pytest.mark.parametrize(
    ("line", "file"),
    [
        (r"use Monolog\Logger;", LOGGER),
        (r"$a = new \Monolog\Logger('x');", LOGGER),
        (r"use Monolog\{Handler as H, Logger as L};", LOGGER),
        (r"use App\Shop;", LOGGER),
        (r"use App\Extra;", "srv/more/Extra.php"),
        (r"Old\Thing::run();", "srv/vendor/old/thing/Thing.php"),
        ("require 'more/Extra.php';", "srv/more/Extra.php"),
        ("require_once __DIR__ . '/more/Extra.php';", "srv/more/Extra.php"),
        ("include(dirname(__FILE__).'/more/Extra.php');", "srv/more/Extra.php"),
        ("require 'vendor/autoload.php';", "srv/vendor/poly/fill/bootstrap.php"),
    ],
)
def test_a_script_reaches_classes_and_files(make_files, line, file):
    found = explored(make_files(PHP | {"srv/run.php": f"<?php {line}"}), "run.php")
    assert file in found.certain
    assert "srv/vendor/un/used/src/A.php" not in found.certain


@pytest.mark.parametrize(
    "start",
    [
        StartedProgram(program="usr/sbin/php-fpm8.2", because=START),
        StartedProgram(program="usr/bin/php8.2", arguments=("-S", "0.0.0.0:80"), because=START),
        Opened(path="usr/lib/apache2/modules/libphp8.2.so", because=START),
    ],
)
def test_a_server_runs_the_entry_script_of_the_application(make_files, start):
    files = make_files(
        PHP | {"srv/public/index.php": r"<?php require __DIR__.'/../vendor/autoload.php'; new App\Shop;"}
    )
    assert {LOGGER, "srv/vendor/poly/fill/bootstrap.php"} <= set(explore([start], files).certain)


@pytest.mark.parametrize("arguments", [("run.php",), ()])
def test_no_package_is_told_unused_where_php_runs(make_files, arguments):
    gaps = explored(make_files(PHP | {"srv/run.php": ""}), *arguments).gaps
    assert "Packagist" in {gap.kind for gap in gaps}


@given(st.text(alphabet="use requi'\\/;AppShop{},(.\n", max_size=200))
def test_any_text_is_read(text):
    files = Files(SmallTree(PHP | {"srv/run.php": text, f"{COMPOSER}psr4.php": text}))
    assert "srv/run.php" in explored(files, "run.php").certain


@pytest.mark.parametrize(
    ("program", "setting", "library"),
    [
        ("usr/bin/php8.4", "etc/php/8.4/cli/conf.d/20-gd.ini", "usr/lib/php/2024/gd.so"),
        ("usr/sbin/php-fpm8.4", "etc/php/8.4/fpm/conf.d/20-gd.ini", "usr/lib/php/2024/gd.so"),
        ("usr/local/bin/php", "usr/local/etc/php/conf.d/gd.ini", "usr/local/lib/php/extensions/no-debug/gd.so"),
        ("usr/bin/php", "etc/php.d/20-gd.ini", "usr/lib64/php/modules/gd.so"),
        ("usr/bin/php84", "etc/php84/conf.d/gd.ini", "usr/lib/php84/modules/gd.so"),
    ],
)
@pytest.mark.parametrize("line", ["extension=gd", "extension = gd.so", "zend_extension=gd", ";extension=gd"])
def test_php_loads_the_extensions_that_its_settings_name(run, program, setting, library, line):
    found = run(
        {f"!{program}": "", setting: f"; a comment\n{line}\n", library: "", "app/x.php": ""}, f"/{program} x.php"
    )
    assert (library in found.certain) == (not line.startswith(";"))


def test_the_settings_of_another_server_are_not_read(run):
    tree = {"!usr/bin/php8.4": "", "etc/php/8.4/fpm/conf.d/gd.ini": "extension=gd", "usr/lib/php/2024/gd.so": ""}
    assert "usr/lib/php/2024/gd.so" not in run(tree, "php8.4 -v").certain


@pytest.mark.parametrize("setting", ["", 'include_path = ".:/opt/lib"'])
def test_a_name_is_included_from_the_folders_of_the_include_path(run, setting):
    tree = {
        "!usr/bin/php8.4": "",
        "etc/php/8.4/cli/php.ini": setting,
        "usr/share/php/Mail/mime.php": "",
        "opt/lib/Mail/mime.php": "",
        "app/x.php": "<?php require_once 'Mail/mime.php';",
    }
    found = run(tree, "php8.4 /app/x.php")
    expected = "opt/lib/Mail/mime.php" if setting else "usr/share/php/Mail/mime.php"
    assert {path for path in found.certain if path.endswith("mime.php")} == {expected}


def test_of_two_files_that_a_name_may_include_the_nearer_one_counts(run):
    tree = {"!usr/bin/php8.4": "", "usr/share/php/a.php": "", "app/a.php": "", "app/x.php": "<?php require 'a.php';"}
    found = run(tree, "php8.4 /app/x.php")
    assert "app/a.php" in found.certain
    assert "usr/share/php/a.php" in found.possible


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("require_once ROOT . 'lib/boot.php';", "srv/lib/boot.php"),
        ("include INSTALL_PATH.'index.php';", "srv/index.php"),
        ("$shop = shop_app::start();", "srv/public/inside/shop_app.php"),
        ("class Cart extends Basket {}", "srv/public/Basket.php"),
        ("$x = new  Basket();", "srv/public/Basket.php"),
    ],
)
def test_constants_and_plain_names_of_classes_lead_to_files_near_by(run, source, file):
    tree = {
        "!usr/bin/php8.4": "",
        "srv/public/index.php": f"<?php {source}",
        "srv/index.php": "",
        "srv/lib/boot.php": "",
        "srv/public/Basket.php": "",
        "srv/public/inside/Basket.php": "",
        "srv/public/inside/shop_app.php": "",
    }
    assert file in run(tree, "php8.4 /srv/public/index.php").certain


def test_of_several_files_below_that_a_class_may_have_none_counts(run):
    tree = {"!usr/bin/php8.4": "", "srv/a/X.php": "", "srv/b/X.php": "", "srv/x.php": "<?php new X;"}
    assert not {"srv/a/X.php", "srv/b/X.php"} & run(tree, "php8.4 /srv/x.php").certain.keys()


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("-d", "extension=own", "a.php"), {}),
        (("-dzend_extension=own.so", "a.php"), {}),
        (("-z", "own.so", "a.php"), {}),
        (("-c", "/opt/own", "a.php"), {}),
        (("-c/opt/own/php.ini", "a.php"), {}),
        (("a.php",), {"PHPRC": "/opt/own"}),
        (("a.php",), {"PHP_INI_SCAN_DIR": ":/opt/own"}),
    ],
)
def test_options_and_variables_load_extensions(make_files, arguments, variables):
    extension = "usr/lib/php/20240924/own.so"
    tree = {"!usr/bin/php8.2": "", "srv/a.php": "", extension: "", "opt/own/php.ini": "extension=own\n"}
    start = StartedProgram(
        program="usr/bin/php8.2",
        arguments=arguments,
        folder="/srv",
        environment=tuple(variables.items()),
        because=START,
    )
    assert extension in explore([start], make_files(tree)).certain
    assert extension not in explored(make_files(tree), "a.php").certain
