"""Archives and folders: what is found in them, and that nothing damaged, missing or ambiguous passes."""

import io
import json
import os
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.images.layers.merged import LayeredTree
from gate.images.sources import open_image
from gate.model import Image

OCI = "application/vnd.oci.image."


@pytest.fixture
def opened(make, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that opens files (name to content) as an archive or folder and tells what is in the image."""

    def open_files(files: dict[str, bytes], source: str = "archive", **limits: int):  # type: ignore[no-untyped-def]
        write = make.archive if source == "archive" else make.folder_of
        reference = write(tmp_path / f"image-{source}", files)
        budget = make.budget(**limits)
        with open_image(Image(source=source, reference=reference, name="app"), budget) as image:
            tree = LayeredTree(image.layers, budget)
            return image.found, {entry.path: tree.read(entry.path) for entry in tree.walk()}

    return open_files


def two_layers(make) -> list[bytes]:  # type: ignore[no-untyped-def]
    return [make.base(), make.layer(make.file("app", b"1"))]


@pytest.mark.parametrize(
    ("layout", "source"),
    [
        ("docker_files", "archive"),
        ("oci_files", "archive"),
        ("oci_files", "oci-dir"),
        ("hybrid_files", "archive"),
        ("hybrid_files", "oci-dir"),
    ],
)
def test_every_layout_gives_the_same_image(make, opened, layout, source) -> None:
    layers = two_layers(make)
    found, files = opened(getattr(make, layout)(layers), source)
    assert found.id == make.digest(make.config(layers))
    assert sorted(files) == ["app", "etc/os-release", "var/lib/dpkg/status"]
    assert found.config.platform == "linux/amd64"


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_compressed_layers(make, opened, kind) -> None:
    pack = getattr(make, kind)
    for files in (
        make.docker_files(two_layers(make), pack=pack),
        make.oci_files(two_layers(make), pack=pack, layer_type=f"{OCI}layer.v1.tar+{kind}"),
    ):
        assert opened(files)[1]["app"] == b"1"


def test_names_and_tags(make, opened) -> None:
    layers = two_layers(make)
    assert opened(make.docker_files(layers, tags=["b:2", "b:1"]))[0].tags == ("b:2", "b:1")
    assert opened(make.hybrid_files(layers))[0].tags == ("app:1",)
    named = make.oci_files(layers, annotations={"org.opencontainers.image.ref.name": "1.4"})
    assert opened(named)[0].tags == ("1.4",)


def test_annotations_of_the_manifest(make, opened) -> None:
    files = make.oci_files([make.base()])
    (name,) = [f"blobs/{one['digest'].replace(':', '/')}" for one in json.loads(files["index.json"])["manifests"]]
    manifest = json.dumps({**json.loads(files.pop(name)), "annotations": {"a": "b"}}).encode()
    index = make.index_files([make.descriptor(manifest, OCI + "manifest.v1+json")], manifest)
    assert opened({**files, **index})[0].annotations == {"a": "b"}
    assert opened(make.docker_files([make.base()]))[0].annotations == {}


def test_an_archive_that_is_compressed_as_a_whole(make, tmp_path: Path) -> None:
    path = Path(make.archive(tmp_path / "a.tar", make.docker_files(two_layers(make))))
    path.write_bytes(make.gzip(path.read_bytes()))
    with open_image(Image(source="archive", reference=str(path), name="app"), make.budget()) as image:
        assert len(image.layers) == 2


def test_old_docker_archives_link_a_layer_that_occurs_twice(make, tmp_path: Path) -> None:
    layer = make.layer(make.file("a"))
    files = make.docker_files([layer])
    config = make.config([layer, layer])
    manifest = [{"Config": "c.json", "RepoTags": None, "Layers": ["1/layer.tar", "2/layer.tar"]}]
    (name,) = [name for name in files if name.endswith("layer.tar")]
    content = make.layer(
        make.file("c.json", config),
        make.file(name, layer),
        make.link("1/layer.tar", f"../{name}"),
        make.link("2/layer.tar", f"../{name}"),
        make.file("manifest.json", json.dumps(manifest).encode()),
    )
    (tmp_path / "a.tar").write_bytes(content)
    with open_image(Image(source="archive", reference=str(tmp_path / "a.tar"), name="a"), make.budget()) as image:
        assert [layer.diff_id for layer in image.layers] == [make.digest(layer)] * 2


# What must never pass.


@pytest.mark.parametrize("layout", ["docker_files", "oci_files", "hybrid_files"])
def test_no_file_of_a_layout_can_be_missing_or_changed(make, opened, layout) -> None:
    files = getattr(make, layout)(two_layers(make))
    for name in set(files) - {"oci-layout"}:
        rest = {other: content for other, content in files.items() if other != name}
        if (layout, name) == ("hybrid_files", "manifest.json"):
            assert opened(rest)  # then it is a plain OCI layout
        elif (layout, name) != ("hybrid_files", "index.json"):
            with pytest.raises(GateError):
                opened(rest)
        with pytest.raises(GateError):
            opened({**files, name: files[name][:-1] + b"x"})
        with pytest.raises(GateError):
            opened({**files, name: files[name][: len(files[name]) // 2]})


def test_without_its_index_a_hybrid_is_still_checked(make, opened) -> None:
    files = make.hybrid_files(two_layers(make))
    del files["index.json"]
    assert opened(files)[1]["app"] == b"1"
    blob = f"blobs/sha256/{make.digest(two_layers(make)[1])[7:]}"
    with pytest.raises(UnreadableError, match="damaged or was changed"):
        opened({**files, blob: make.layer(make.file("app", b"2"))})


def test_errors_name_the_blob_and_say_what_to_do(make, opened) -> None:
    files = make.oci_files(two_layers(make))
    blob = f"blobs/sha256/{make.digest(two_layers(make)[1])[7:]}"
    del files[blob]
    with pytest.raises(UnreadableError, match="is missing from the image") as caught:
        opened(files)
    assert caught.value.path == blob
    assert "again" in caught.value.hint


@pytest.mark.parametrize("keep", [100, 512, 3000, 9000])
def test_truncated_archives(make, tmp_path: Path, keep: int) -> None:
    path = Path(make.archive(tmp_path / "a.tar", make.docker_files(two_layers(make))))
    path.write_bytes(path.read_bytes()[:keep])
    with (
        pytest.raises(UnreadableError),
        open_image(Image(source="archive", reference=str(path), name="a"), make.budget()),
    ):
        pass


def test_hybrid_whose_two_ways_lead_to_different_images(make, opened) -> None:
    files = make.hybrid_files(two_layers(make))
    other = make.hybrid_files([make.layer(make.file("innocent"))])
    with pytest.raises(UnreadableError, match="another image"):
        opened({**files, **other, "index.json": files["index.json"]})


def test_fewer_layers_than_the_configuration_has(make, opened) -> None:
    files = make.docker_files(two_layers(make))
    manifest = json.loads(files["manifest.json"])
    manifest[0]["Layers"].pop()
    with pytest.raises(UnreadableError, match="diff ids"):
        opened({**files, "manifest.json": json.dumps(manifest).encode()})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OCI + "layer.v1.tar", OCI + "layer.v1.tar+br"),
        (OCI + "layer.v1.tar", OCI + "layer.v1.tar+gzip+encrypted"),
        (OCI + "config.v1+json", "application/vnd.oci.empty.v1+json"),
        (OCI + "config.v1+json", "application/vnd.cncf.helm.config.v1+json"),
    ],
)
def test_unknown_media_types(make, opened, old, new) -> None:
    files = make.oci_files(two_layers(make))
    index = json.loads(files["index.json"])
    name = "blobs/" + index["manifests"][0]["digest"].replace(":", "/")
    manifest = files.pop(name).replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    top = make.descriptor(manifest, OCI + "manifest.v1+json")
    with pytest.raises(UnreadableError, match=r"unknown media type|no container image"):
        opened({**files, **make.index_files([top], manifest)})


def test_unknown_manifest_type(make, opened) -> None:
    files = make.oci_files(two_layers(make))
    wrong = files["index.json"].replace(b"image.manifest.v1", b"artifact.manifest.v1")
    with pytest.raises(UnreadableError, match="unknown media type"):
        opened({**files, "index.json": wrong})


def test_manifest_that_is_an_index_too(make, opened) -> None:
    files = make.oci_files(two_layers(make))
    ambiguous = json.loads(files["index.json"]) | {"layers": []}
    with pytest.raises(UnreadableError, match="at once"):
        opened({**files, "index.json": json.dumps(ambiguous).encode()})


@pytest.mark.parametrize("digest", ["sha256:../../../../etc/passwd", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e"])
@pytest.mark.parametrize("source", ["archive", "oci-dir"])
def test_digests_that_are_paths(make, opened, digest, source) -> None:
    files = make.oci_files(two_layers(make))
    index = json.loads(files["index.json"])
    index["manifests"][0]["digest"] = digest
    with pytest.raises(UnreadableError, match="which is none"):
        opened({**files, "index.json": json.dumps(index).encode()}, source)


def test_several_images(make, opened) -> None:
    one = make.oci_files([make.base()], annotations={"org.opencontainers.image.ref.name": "1"})
    two = make.oci_files(two_layers(make), annotations={"org.opencontainers.image.ref.name": "2"})
    both = json.loads(one["index.json"])["manifests"] + json.loads(two["index.json"])["manifests"]
    with pytest.raises(UnreadableError, match=r"several images \(1, 2\)"):
        opened({**one, **two, "index.json": json.dumps({"manifests": both}).encode()})
    unnamed = [make.oci_files(layers) for layers in ([make.base()], two_layers(make))]
    index = {"manifests": [entry for files in unnamed for entry in json.loads(files["index.json"])["manifests"]]}
    with pytest.raises(UnreadableError, match="holds 2 images that nothing distinguishes"):
        opened({**unnamed[0], **unnamed[1], "index.json": json.dumps(index).encode()})
    docker = make.docker_files([make.base()])
    entry = json.loads(docker["manifest.json"])[0]
    twice = json.dumps([entry, {**entry, "Layers": ["other"]}]).encode()
    with pytest.raises(UnreadableError, match="lists 2 images"):
        opened({**docker, "manifest.json": twice})
    tagged_twice = json.dumps([entry, {**entry, "RepoTags": ["app:2"]}]).encode()
    assert opened({**docker, "manifest.json": tagged_twice})


def nested(make, *platforms: str) -> dict[str, bytes]:  # type: ignore[no-untyped-def]
    """An index in an index, with an image a platform and an attestation first."""
    files: dict[str, bytes] = {}
    inner = []
    for platform in platforms:
        os_, architecture = platform.split("/")
        place = {"os": os_, "architecture": architecture}
        image = make.oci_files([make.layer(make.file(architecture))], architecture=architecture, platform=place)
        inner += json.loads(image["index.json"])["manifests"]
        files |= image
    statement = json.dumps({"config": {}, "layers": []}).encode()
    attestation = make.descriptor(
        statement, OCI + "manifest.v1+json", annotations={"vnd.docker.reference.type": "attestation-manifest"}
    )
    index = json.dumps({"schemaVersion": 2, "manifests": [attestation, *inner]}).encode()
    return {**files, **make.index_files([make.descriptor(index, OCI + "index.v1+json")], index, statement)}


def test_index_of_platforms(make, opened) -> None:
    found, files = opened(nested(make, "linux/arm64", "linux/amd64", "windows/386"))
    assert list(files) == ["amd64"]
    assert found.other_platforms == ("linux/arm64", "windows/386")
    assert list(opened(nested(make, "linux/s390x", "linux/riscv64"))[1]) == ["s390x"]


@pytest.mark.parametrize("place", [{"os": "linux", "architecture": "amd64"}, None])
def test_two_images_for_one_platform_are_refused(make, opened, place: dict[str, str] | None) -> None:
    images = [make.oci_files([make.layer(make.file(name))], platform=place) for name in ("good", "evil")]
    manifests = [one for image in images for one in json.loads(image["index.json"])["manifests"]]
    index = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
    files = {**images[0], **images[1], **make.index_files([make.descriptor(index, OCI + "index.v1+json")], index)}
    with pytest.raises(UnreadableError, match="holds two images for"):
        opened(files)


def test_images_for_two_releases_of_windows_are_two_platforms(make, opened) -> None:
    places = [{"os": "windows", "architecture": "amd64", "os.version": f"10.0.{number}"} for number in (1, 2)]
    images = [make.oci_files([make.layer(make.file(str(one)))], platform=place) for one, place in enumerate(places)]
    manifests = [one for image in images for one in json.loads(image["index.json"])["manifests"]]
    index = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
    files = {**images[0], **images[1], **make.index_files([make.descriptor(index, OCI + "index.v1+json")], index)}
    assert list(opened(files)[1]) == ["0"]


def test_manifests_of_other_platforms_may_be_absent_but_not_all(make, opened) -> None:
    files = nested(make, "linux/amd64", "linux/arm64")
    index = next(json.loads(content) for content in files.values() if b"attestation" in content)
    names = ["blobs/" + one["digest"].replace(":", "/") for one in index["manifests"][1:]]
    del files[names[0]]
    assert list(opened(files)[1]) == ["arm64"]
    del files[names[1]]
    with pytest.raises(UnreadableError, match="missing"):
        opened(files)


def test_indexes_without_end(make, opened) -> None:
    content = json.dumps({"manifests": []}).encode()
    blobs = []
    for _ in range(8):
        blobs.append(content)
        content = json.dumps({"manifests": [make.descriptor(content, OCI + "index.v1+json")]}).encode()
    with pytest.raises(LimitError, match="too many indexes"):
        opened({**make.index_files([], *blobs), "index.json": content})


def test_an_attestation_alone_is_no_image(make, opened) -> None:
    with pytest.raises(UnreadableError, match="lists no image") as raised:
        opened(nested(make))
    assert "attestations" in raised.value.hint


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'[{"Config": 5}]', b"[" * 100_000, b"\xff\xfe"])
def test_json_that_is_something_else(make, opened, content) -> None:
    with pytest.raises(UnreadableError):
        opened({**make.docker_files([make.base()]), "manifest.json": content})
    with pytest.raises(UnreadableError):
        opened({**make.oci_files([make.base()]), "index.json": content})


def test_no_archive_no_image_no_layout(make, opened, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no image archive"):
        opened({"readme": b"hello"})
    with pytest.raises(UnreadableError, match="no OCI image layout"):
        opened({"readme": b"hello"}, "oci-dir")
    (tmp_path / "text").write_text("hello " * 1000)
    with (
        pytest.raises(UnreadableError, match="no valid tar archive"),
        open_image(Image(source="archive", reference=str(tmp_path / "text"), name="t"), make.budget()),
    ):
        pass


def test_two_files_of_one_name(make, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for _ in range(2):
            for name, content in make.docker_files([make.base()]).items():
                archive.addfile(make.file(name, content)[0], io.BytesIO(content))
    (tmp_path / "a.tar").write_bytes(stream.getvalue())
    image = Image(source="archive", reference=str(tmp_path / "a.tar"), name="a")
    with pytest.raises(UnreadableError, match="two files named"), open_image(image, make.budget()):
        pass


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside"])
def test_folder_whose_blobs_are_links_that_leave_it(make, opened, tmp_path: Path, target: str) -> None:
    files = make.oci_files([make.base()])
    (tmp_path / "outside").write_bytes(files["index.json"])
    (tmp_path / "image-oci-dir").mkdir()
    (tmp_path / "image-oci-dir/index.json").symlink_to(target)
    del files["index.json"]
    with pytest.raises(UnreadableError, match="leaves the image's folder"):
        opened(files, "oci-dir")


def test_folder_with_a_pipe_for_a_file(make, opened, tmp_path: Path) -> None:
    (tmp_path / "image-oci-dir").mkdir()
    os.mkfifo(tmp_path / "image-oci-dir/index.json")
    with pytest.raises(UnreadableError, match="not a regular file"):
        opened({"oci-layout": b"{}"}, "oci-dir")


def test_limits_hold_for_all_layers_together(make, opened) -> None:
    layers = [make.layer(make.file(str(number), bytes(9000))) for number in range(5)]
    with pytest.raises(LimitError, match="max_size"):
        opened(make.docker_files(layers), size=100_000)
    with pytest.raises(LimitError, match="max_entries"):
        opened(make.docker_files(layers), entries=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_to_an_archive_is_an_error_or_changes_nothing(make, tmp_path: Path, data) -> None:
    path = Path(make.archive(tmp_path / "a.tar", make.hybrid_files([make.base()])))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        with open_image(Image(source="archive", reference=str(path), name="a"), make.budget()) as image:
            found = image.found.id, [layer.diff_id for layer in image.layers]
    except GateError:
        return
    assert found == (make.digest(make.config([make.base()])), [make.digest(make.base())])
