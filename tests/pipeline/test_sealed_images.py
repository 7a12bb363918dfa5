"""Images of registries, looked at by workers that have neither network nor login."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import gate
from gate.model import Report, StageStatus
from gate.pipeline import workers
from gate.pipeline.isolation.sealing import possible
from tests.images.conftest import Make
from tests.images.registry_server import PASSWORD, USER, FakeRegistry, serving

pytestmark = pytest.mark.skipif(not possible().is_whole, reason="this system cannot isolate")
Judge = Callable[[str], Report]


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def served(make: Make) -> Iterator[tuple[FakeRegistry, str]]:
    fake = FakeRegistry()
    layer = make.layer(make.file("app/a.py", b"x = 1\n"), make.file("app/b.py", b"y = 2\n"))
    fake.hold(make.oci_files([layer], pack=make.gzip))
    with serving(fake) as host:
        yield fake, host


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    (tmp_path / "advisories").mkdir()

    def run(name: str) -> Report:
        return gate.run(f"registry:{name}", settings={"advisories": {"source": str(tmp_path / "advisories")}})

    return run


def image_of(report: Report) -> tuple[StageStatus, object, list[str]]:
    (stage,) = [one for one in report.stages if one.name == "image"]
    return stage.status, stage.facts.get("files"), [f"{error.path}: {error.title}" for error in stage.errors]


def test_an_image_is_fetched_for_a_worker(served: tuple[FakeRegistry, str], judge: Judge) -> None:
    fake, host = served
    assert image_of(judge(f"{host}/shop/api:1")) == (StageStatus.OK, 2, [])
    assert any("blobs" in path for path in fake.asked)


def test_a_transfer_that_is_cut_for_good_is_an_error(served: tuple[FakeRegistry, str], judge: Judge) -> None:
    fake, host = served
    fake.cut_after = 1
    fake.blobs = {name: content[:5] for name, content in fake.blobs.items()}
    status, _, errors = image_of(judge(f"{host}/shop/api:1"))
    assert status is StageStatus.ERROR
    assert errors


def test_an_image_that_is_not_there_is_an_error(served: tuple[FakeRegistry, str], judge: Judge) -> None:
    status, _, errors = image_of(judge(f"{served[1]}/shop/api:2"))
    assert (status, errors) == (StageStatus.ERROR, [f"{served[1]}/shop/api:2: the registry has no such image"])


def test_the_login_is_the_brokers(
    served: tuple[FakeRegistry, str], judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, host = served
    fake.login = "basic"
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/config.json").write_text(json.dumps({"auths": {host: {"auth": login}}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    assert workers.link is None
    assert image_of(judge(f"{host}/shop/api:1")) == (StageStatus.OK, 2, [])
