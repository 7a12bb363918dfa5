"""What the files of an image tell: what is explained, what was changed, and secrets in every layer."""

import base64
import hashlib

import pytest

from gate.images.contents.observations import ImageContents
from gate.images.contents.walk import WalkOptions, look_into
from gate.images.yara.rules import RuleFile, rule_files
from gate.inventory.installed.inventory import read_installed

ELF = b"\x7fELF"
TOKEN = "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"  # gate:ignore SECRET-GITHUB -- an example that opens nothing
SETTINGS = f'token: "{TOKEN}"\n'.encode()
OS = b'ID=debian\nVERSION_ID="12"\n'
STATUS = b"Package: bash\nArchitecture: amd64\nVersion: 5.2.15-2\nStatus: install ok installed\n"


def look(tree, **terms) -> ImageContents:  # type: ignore[no-untyped-def]
    return look_into(tree, read_installed(tree), WalkOptions(**terms))


def debian(make, *more, bash: bytes = ELF) -> bytes:
    """A Debian of one package with one program."""
    return make.layer(
        make.file("etc/os-release", OS),
        make.file("var/lib/dpkg/status", STATUS),
        make.file("var/lib/dpkg/info/bash.list", b"/usr/bin/bash\n/etc/bash.bashrc\n"),
        make.file("var/lib/dpkg/info/bash.md5sums", hashlib.md5(ELF).hexdigest().encode() + b"  usr/bin/bash\n"),
        make.file("usr/bin/bash", bash, mode=0o755),
        *more,
    )


def test_a_distribution_as_it_was_installed_is_explained_and_unchanged(make, layered) -> None:
    contents = look(layered(debian(make)), min_explained=1.0)
    assert (contents.facts["programs"], contents.facts["explained"]) == (1, "100.0%")
    assert (contents.errors, contents.changed, contents.secrets) == ((), (), ())


TRICKS = {
    "no os-release and no package database": lambda make: make.layer(make.file("usr/bin/a", ELF, mode=0o755)),
    "an emptied list of files": lambda make: debian(make, make.file("var/lib/dpkg/info/bash.list", b"")),
    "more programs than packages": lambda make: debian(
        make, *(make.file(f"usr/sbin/{number}", ELF, mode=0o755) for number in range(3))
    ),
    "libraries that nobody knows": lambda make: debian(
        make, *(make.file(f"usr/lib/lib{number}.so.1", ELF) for number in range(3))
    ),
    "a program of no distribution, wherever it is": lambda make: make.layer(make.file("app/run", ELF, mode=0o755)),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_an_image_that_packages_do_not_explain_is_not_verified(make, layered, trick) -> None:
    contents = look(layered(TRICKS[trick](make)), min_explained=0.5)
    (error,) = contents.errors
    assert "packages explain only" in error.title
    assert "below 50% the image is not verified" in error.title


def test_the_share_that_is_asked_for_decides(make, layered) -> None:
    tree = layered(debian(make, make.file("usr/local/bin/own", ELF, mode=0o755)))
    assert look(tree, min_explained=0.5).errors == ()
    assert len(look(tree, min_explained=0.51).errors) == 1
    assert look(tree).unexplained == (), "usr/local is where one installs without packages"


def test_a_program_among_those_of_the_distribution_is_named(make, layered) -> None:
    tree = layered(debian(make, make.file("usr/bin/stray", ELF, mode=0o755)))
    assert look(tree).unexplained == ("usr/bin/stray",)


def test_an_image_without_programs_leaves_nothing_to_explain(make, layered) -> None:
    contents = look(layered(make.layer(make.file("site/index.html", b"<p>"))), min_explained=1.0)
    assert contents.errors == ()


def test_what_python_recorded_is_explained(make, layered) -> None:
    site = "usr/local/lib/python3.13/site-packages"
    tree = layered(
        debian(
            make,
            make.file(f"{site}/numpy-2.dist-info/METADATA", b"Name: numpy\nVersion: 2.0\n"),
            make.file(f"{site}/numpy-2.dist-info/RECORD", b"numpy/core.so,sha256=x,4\n../../../bin/f2py,,\n"),
            make.file(f"{site}/numpy/core.so", ELF, mode=0o755),
            make.file("usr/local/bin/f2py", b"#!", mode=0o755),
        )
    )
    assert look(tree).facts["programs_explained"] == 3


def test_a_program_over_that_of_its_package_is_told_with_its_layer(make, layered) -> None:
    above = make.layer(make.file("usr/bin/bash", ELF + b"!", mode=0o755))
    (changed,) = look(layered(debian(make), above)).changed
    assert (changed.path, changed.package, changed.layer) == ("usr/bin/bash", "bash", make.digest(above))


def test_a_program_changed_before_the_layers_were_joined_is_told_too(make, layered) -> None:
    (changed,) = look(layered(debian(make, bash=b"evil"))).changed
    assert changed.path == "usr/bin/bash"


def test_changed_configuration_is_no_change_of_the_package(make, layered) -> None:
    assert look(layered(debian(make, make.file("etc/bash.bashrc", b"alias ll=ls")))).changed == ()


def secret_file(make, path: str):  # type: ignore[no-untyped-def]
    return make.file(path, f'token = "{TOKEN}"\n'.encode())


def test_a_secret_is_told_with_the_layer_that_brought_it(make, layered) -> None:
    layer = make.layer(secret_file(make, "app/settings.py"))
    (found,) = look(layered(debian(make), layer)).secrets
    assert (found.path, found.layer, found.hidden_by) == ("app/settings.py", make.digest(layer), None)
    assert TOKEN not in repr(found)


@pytest.mark.parametrize("removal", ["app/.wh.settings.py", ".wh.app", "app/.wh..wh..opq", "app/settings.py"])
def test_a_secret_that_a_later_layer_removes_is_told_with_both_layers(make, layered, removal) -> None:
    below, above = make.layer(secret_file(make, "app/settings.py")), make.layer(make.file(removal, b""))
    (found,) = look(layered(debian(make), below, above)).secrets
    assert (found.layer, found.hidden_by) == (make.digest(below), make.digest(above))


def test_published_packages_and_files_as_their_package_brought_them_are_not_searched(make, layered) -> None:
    site = "usr/lib/python3/site-packages"
    shared = make.layer(
        make.file(f"{site}/a-1.dist-info/METADATA", b"Name: a\nVersion: 1\n"),
        make.file(f"{site}/a-1.dist-info/RECORD", b"a/__init__.py,,\n"),
        secret_file(make, f"{site}/a/__init__.py"),
        make.file("app/node_modules/b/package.json", b'{"name": "b", "version": "1.0.0"}'),
        secret_file(make, "app/node_modules/b/test.js"),
    )
    assert look(layered(debian(make), shared)).secrets == ()


def test_the_standard_library_of_a_runtime_is_published_and_explained(make, layered) -> None:
    library = "usr/local/lib/python3.13"
    runtime = make.layer(
        make.file("usr/local/lib/libpython3.13.so.1.0", ELF + b"\x003.13.1\0", mode=0o755),
        make.file(f"{library}/lib-dynload/_ssl.so", ELF, mode=0o755),
        secret_file(make, f"{library}/urllib/request.py"),
        make.file("usr/local/go/VERSION", b"go1.22.1\n"),
        secret_file(make, "usr/local/go/src/crypto/tls/testdata/key.go"),
    )
    contents = look(layered(debian(make), runtime))
    assert (contents.facts["explained"], contents.secrets) == ("100.0%", ())


def test_what_is_installed_into_a_standard_library_is_searched(make, layered) -> None:
    runtime = make.layer(
        make.file("usr/local/lib/libpython3.13.so.1.0", ELF + b"\x003.13.1\0", mode=0o755),
        secret_file(make, "usr/local/lib/python3.13/site-packages/own.py"),
        secret_file(make, "usr/local/lib/python3.12/own.py"),
    )
    (first, second) = look(layered(debian(make), runtime)).secrets
    assert {first.path, second.path} == {
        "usr/local/lib/python3.12/own.py",
        "usr/local/lib/python3.13/site-packages/own.py",
    }


def test_what_was_installed_from_a_folder_is_searched(make, layered) -> None:
    site = "usr/lib/python3/site-packages"
    own = make.layer(
        make.file(f"{site}/shop-1.dist-info/METADATA", b"Name: shop\nVersion: 1\n"),
        make.file(f"{site}/shop-1.dist-info/RECORD", b"shop/__init__.py,,\n"),
        make.file(f"{site}/shop-1.dist-info/direct_url.json", b'{"url": "file:///src", "dir_info": {}}'),
        secret_file(make, f"{site}/shop/__init__.py"),
    )
    (found,) = look(layered(debian(make), own)).secrets
    assert found.path == f"{site}/shop/__init__.py"


@pytest.mark.parametrize("path", ["var/lib/dpkg/info/x.templates", "var/log/apt/eipp.log", "etc/nsswitch.conf"])
def test_what_only_looks_as_if_it_held_credentials_is_not_searched(make, layered, path) -> None:
    assert look(layered(debian(make), make.layer(secret_file(make, path)))).secrets == ()


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("usr/share/mime/magic", False),
        ("opt/conda/share/mime/globs2", False),
        ("etc/nginx/mime.types", False),
        ("usr/share/zoneinfo/tzdata.zi", False),
        ("opt/venv/lib/python3/site-packages/pytz/zoneinfo/Europe/Paris", False),
        ("usr/lib/locale/C.utf8/LC_CTYPE", False),
        ("lib/terminfo/x/xterm", False),
        ("var/cache/debconf/templates.dat", False),
        ("etc/ssl/certs/ca-certificates.crt", False),
        ("usr/share/mime/.env", True),
        ("usr/share/mimes/magic", True),
        ("var/cache/debconf/passwords.dat", True),
        ("srv/zoneinfo.txt", True),
    ],
)
def test_the_databases_of_every_system_hold_no_secrets(make, layered, path: str, is_found: bool) -> None:
    found = look(layered(debian(make), make.layer(secret_file(make, path)))).secrets
    assert bool(found) is is_found


def test_a_private_key_among_certificates_is_a_secret(make, layered) -> None:
    pytest.importorskip("cryptography")
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    layer = make.layer(make.file("etc/ssl/certs/ca-certificates.crt", f'token = "{TOKEN}"\n'.encode() + key))
    (found,) = look(layered(debian(make), layer)).secrets
    assert found.secret.type == "Private Key"


PUBLIC = b"Name: demo\nVersion: 2.0\nHome-page: https://packages.example/\nLicense: MIT\n"


@pytest.mark.parametrize(
    ("metadata", "brought", "published"),
    [(PUBLIC, SETTINGS, "demo 2.0"), (PUBLIC, b"other", ""), (b"Name: demo\nVersion: 2.0\n", SETTINGS, "")],
)
def test_settings_as_a_published_package_brought_them_are_said_to_be_its(
    make, layered, metadata: bytes, brought: bytes, published: str
) -> None:
    site = "usr/local/lib/python3.13/site-packages"
    digest = base64.urlsafe_b64encode(hashlib.sha256(brought).digest()).decode().rstrip("=")
    layer = make.layer(
        make.file(f"{site}/demo-2.dist-info/METADATA", metadata),
        make.file(f"{site}/demo-2.dist-info/RECORD", f"demo/settings.yaml,sha256={digest},4\n".encode()),
        make.file(f"{site}/demo/settings.yaml", SETTINGS),
    )
    (found,) = look(layered(debian(make), layer)).secrets
    assert found.published == published


def test_configuration_that_was_changed_is_searched(make, layered) -> None:
    (found,) = look(layered(debian(make), make.layer(secret_file(make, "etc/bash.bashrc")))).secrets
    assert found.path == "etc/bash.bashrc"


def test_ignored_paths_are_neither_searched_nor_missed(make, layered) -> None:
    tree = layered(debian(make), make.layer(secret_file(make, "app/settings.py")))
    assert look(tree, is_wanted=lambda path: not path.startswith("app/")).secrets == ()


def test_too_many_files_are_an_error(make, layered, monkeypatch) -> None:
    monkeypatch.setattr("gate.images.contents.secret_files.MAX_FILES", 1)
    files = make.layer(make.file("a", b"1"), make.file("b", b"2"))
    (error,) = look(layered(debian(make), files)).errors
    assert "more than 1 files" in error.title


def test_what_cannot_be_read_is_an_error_and_the_rest_is_told(make, layered) -> None:
    broken = make.layer(make.file("var/lib/rpm/Packages", b"not a database"), secret_file(make, "x"))
    contents = look(layered(debian(make), broken))
    assert [error.path for error in contents.errors] == ["var/lib/rpm/Packages"]
    assert [found.path for found in contents.secrets] == ["x"]


def test_a_text_that_is_too_large_is_an_error(make, layered) -> None:
    contents = look(layered(debian(make), make.layer(make.file("app/a.txt", b"words " * 100))), max_text_size=99)
    assert [error.path for error in contents.errors] == ["app/a.txt"]


def test_modes_tell_what_everybody_may_write(make, layered) -> None:
    folder, sticky = make.folder("app/open"), make.folder("tmp")
    folder[0].mode, sticky[0].mode = 0o777, 0o1777
    tree = layered(
        debian(make, folder, sticky, make.file("app/file", mode=0o666), make.file("usr/bin/su", mode=0o4755))
    )
    modes = look(tree).modes
    assert (modes.writable_files, modes.writable_folders) == (["app/file"], ["app/open"])
    assert modes.privileged == ["usr/bin/su"]


def test_accounts_are_read_from_passwd_and_shadow(make, layered) -> None:
    passwd = b"root:x:0:0::/root:/bin/bash\nopen::1:1::/:/bin/sh\nnobody:x:9:9::/:/usr/sbin/nologin\nbroken\n"
    shadow = b"root:$y$abc:1:::::\nnobody:*:1:::::\n"
    tree = layered(debian(make, make.file("etc/passwd", passwd), make.file("etc/shadow", shadow)))
    root, opened, nobody = look(tree).accounts
    assert (root.has_password, root.is_open, root.can_log_in) == (True, False, True)
    assert (opened.has_password, opened.is_open) == (False, True)
    assert (nobody.has_password, nobody.is_open, nobody.can_log_in) == (False, False, False)


ROOT = b"root:x:0:0::/root:/bin/bash\n"
OPEN = b"open::1:1::/:/bin/sh\n"
HASH, LOCKED = b"root:$y$abc:1:::::\n", b"root:*:1:::::\n"


@pytest.mark.parametrize(
    ("passwd", "shadow", "since"),
    [
        ([ROOT, ROOT + OPEN], [HASH, None], {"root": 0, "open": 1}),
        ([ROOT, ROOT + OPEN, OPEN + ROOT], [HASH], {"root": 0, "open": 1}),
        ([ROOT, None, None], [LOCKED, HASH, HASH], {"root": 1}),
        ([ROOT, None, None, None], [HASH, LOCKED, None, HASH], {"root": 3}),
        ([ROOT + OPEN, ROOT, ROOT + OPEN], [HASH], {"root": 0, "open": 2}),
        ([OPEN, b"", OPEN], [], {"open": 2}),
        ([OPEN, "removed", OPEN], [], {"open": 2}),
        ([OPEN, "removed"], [], {}),
        ([None, ROOT], [HASH], {"root": 1}),
    ],
)
def test_an_account_is_of_the_layer_since_which_it_is_as_it_is(make, layered, passwd, shadow, since) -> None:
    layers = [[make.file(f"app/{number}")] for number in range(4)]
    for name, contents in (("passwd", passwd), ("shadow", shadow)):
        for layer, content in zip(layers, contents, strict=False):
            if content == "removed":
                layer.append(make.file(f"etc/.wh.{name}"))
            elif content is not None:
                layer.append(make.file(f"etc/{name}", content))
    made = [make.layer(*files) for files in layers]
    accounts = look(layered(*made)).accounts
    assert {account.name: account.layer for account in accounts} == {
        name: make.digest(made[index]) for name, index in since.items()
    }


def test_remains_of_a_build_are_told_by_their_names(make, layered) -> None:
    names = ["usr/bin/x86_64-linux-gnu-gcc-12", "usr/bin/make", "usr/bin/dash", "usr/bin/sudo", "usr/bin/gccgo-x"]
    names += ["var/lib/apt/lists/deb.example_dists_a_main_binary-amd64_Packages.lz4", "var/lib/apt/lists/lock"]
    names += ["root/.cache/pip/http/1", "etc/cron.d/job"]
    remains = look(layered(debian(make, *map(make.file, names)))).remains
    assert remains.build_tools == ["usr/bin/make", "usr/bin/x86_64-linux-gnu-gcc-12"]
    assert (remains.shells, remains.sudo) == (["usr/bin/bash", "usr/bin/dash"], ["usr/bin/sudo"])
    assert [path.split("/")[0] for path in remains.caches] == ["root", "var"]
    assert remains.cron == ["etc/cron.d/job"]


def test_a_toolchain_may_have_a_folder_of_its_own(make, layered) -> None:
    tools = ["opt/jdk/bin/javac", "root/.cargo/bin/cargo", "usr/lib/go-1.24/bin/go", "usr/lib/jvm/java-21/bin/javac"]
    tools += ["usr/local/cargo/bin/rustc", "usr/local/go/bin/go"]
    others = ["srv/go/bin/go", "usr/lib/jvm/java-21/bin/java", "usr/share/make"]
    assert look(layered(debian(make, *map(make.file, tools + others)))).remains.build_tools == tools


def test_folders_of_version_control_are_told_by_what_each_of_them_has(make, layered) -> None:
    names = [".git/HEAD", "app/.git/HEAD", "app/.git/config", "app/.hg/requires", "app/x.git/HEAD", "srv/.svn/wc.db"]
    layer = debian(make, *map(make.file, [*names, "usr/bin/sudo", "etc/cron.d/job"]))
    remains = look(layered(layer)).remains
    assert remains.layers == dict.fromkeys([*remains.histories, "usr/bin/sudo", "etc/cron.d/job"], make.digest(layer))
    assert remains.histories == [".git", "app/.git", "app/.hg", "srv/.svn"]


SHELL = b"<?php eval($_POST['x']); ?>"


def test_malware_is_looked_for_in_what_no_package_brought_as_it_is(make, layered) -> None:
    same = hashlib.md5(SHELL).hexdigest().encode() + b"  usr/bin/bash\n"
    recorded = debian(make, make.file("var/lib/dpkg/info/bash.md5sums", same), bash=SHELL)
    own = make.layer(make.file("srv/x.php", SHELL))
    found = look(layered(recorded, own), yara=rule_files(()))
    assert [(match.path, match.layer) for match in found.malware] == [("srv/x.php", make.digest(own))]


def test_a_program_of_a_package_that_was_changed_is_looked_at(make, layered) -> None:
    found = look(layered(debian(make, bash=SHELL)), yara=rule_files(()))
    assert [match.path for match in found.malware] == ["usr/bin/bash"]
    assert look(layered(debian(make, bash=SHELL))).malware == ()


def test_wrong_yara_rules_are_an_error_and_the_rest_is_told(make, layered) -> None:
    contents = look(layered(debian(make)), yara=(RuleFile("a.yar", "rule a {"),))
    assert [error.path for error in contents.errors] == ["a.yar"]
    assert contents.facts["programs"] == 1


def forged(make, paths: dict[str, bytes], sums: dict[str, str]) -> bytes:  # type: ignore[no-untyped-def]
    """A layer whose package database claims files that no package brought."""
    listed = "".join(f"/{path}\n" for path in paths)
    stated = "".join(f"{digest}  {path}\n" for path, digest in sums.items())
    return make.layer(
        make.file(
            "var/lib/dpkg/status",
            STATUS + b"\nPackage: x\nArchitecture: all\nVersion: 1\nStatus: install ok installed\n",
        ),
        make.file("var/lib/dpkg/info/x.list", listed.encode()),
        make.file("var/lib/dpkg/info/x.md5sums", stated.encode()),
        *(make.file(path, content, mode=0o755) for path, content in paths.items()),
    )


def test_a_list_without_sums_explains_no_program(make, layered) -> None:
    programs = {f"usr/bin/tool{number}": ELF + bytes([number]) for number in range(50)}
    contents = look(layered(debian(make), forged(make, programs, {})), min_explained=0.5)
    assert "packages explain only 1 of 51 programs" in contents.errors[0].title
    assert len(contents.unexplained) == 50


def test_a_list_with_wrong_sums_tells_of_files_that_were_changed(make, layered) -> None:
    contents = look(layered(debian(make), forged(make, {"usr/bin/tool": ELF}, {"usr/bin/tool": "0" * 32})))
    assert [changed.path for changed in contents.changed] == ["usr/bin/tool"]


SECRET = f'token = "{TOKEN}"\n'.encode()
RIGHT = hashlib.md5(SECRET, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("path", "sums"),
    [
        ("usr/share/x/settings.py", {}),
        ("usr/share/x/settings.py", {"usr/share/x/settings.py": "0" * 32}),
        ("app/settings.py", {"app/settings.py": RIGHT}),
        ("srv/settings.py", {"srv/settings.py": RIGHT}),
        ("usr/local/settings.py", {"usr/local/settings.py": RIGHT}),
    ],
)
def test_a_list_hides_no_secret(make, layered, path: str, sums: dict[str, str]) -> None:
    contents = look(layered(debian(make), forged(make, {path: SECRET}, sums)))
    assert [found.path for found in contents.secrets] == [path]


@pytest.mark.parametrize(
    ("record", "path"),
    [
        ("../../../../srv/app.txt,sha256=x,4\n", "usr/srv/app.txt"),
        ("../../../../../srv/app.txt,sha256=x,4\n", "srv/app.txt"),
        ("demo/.env,sha256=x,4\n", "usr/local/lib/python3.13/site-packages/demo/.env"),
        ("demo/settings.yaml,sha256=x,4\n", "usr/local/lib/python3.13/site-packages/demo/settings.yaml"),
    ],
)
def test_a_record_hides_no_secret_of_ones_own(make, layered, record: str, path: str) -> None:
    site = "usr/local/lib/python3.13/site-packages"
    tree = layered(
        debian(
            make,
            make.file(f"{site}/demo-2.dist-info/METADATA", b"Name: demo\nVersion: 2.0\n"),
            make.file(f"{site}/demo-2.dist-info/RECORD", record.encode()),
            secret_file(make, path),
        )
    )
    assert [found.path for found in look(tree).secrets] == [path]


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("app/node_modules/demo/.env", True),
        ("app/node_modules/demo/.npmrc", True),
        ("app/node_modules/demo/config/production.json", True),
        ("app/node_modules/demo/test/fixtures/secrets.json", False),
        ("app/node_modules/demo/README.md", False),
    ],
)
def test_the_folder_of_a_published_package_hides_no_settings(make, layered, path: str, is_found: bool) -> None:
    package = make.file("app/node_modules/demo/package.json", b'{"name": "demo", "version": "1.0.0"}')
    found = look(layered(debian(make, package, secret_file(make, path)))).secrets
    assert bool(found) is is_found


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("usr/lib/python3/__pycache__/known.cpython-313.pyc", False),
        ("usr/lib/python3/__pycache__/known.cpython-313.opt-1.pyc", False),
        ("usr/lib/python3/__pycache__/other.cpython-313.pyc", True),
        ("srv/__pycache__/known.cpython-313.pyc", True),
    ],
)
def test_what_was_compiled_from_a_packages_source_is_the_packages(make, layered, path: str, is_found: bool) -> None:
    known = "usr/lib/python3/known.py"
    sums = {known: hashlib.md5(b"pass", usedforsecurity=False).hexdigest()}
    layer = forged(make, {known: b"pass"}, sums)
    compiled = make.layer(make.file(path, b"\xcb\r\r\n\0\0\0\0" + SECRET))
    assert bool(look(layered(debian(make), layer, compiled)).secrets) is is_found
