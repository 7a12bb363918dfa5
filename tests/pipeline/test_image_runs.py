"""What runs an image is read in a worker of the folder, and comes back with the image."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import UnreadableError
from gate.model import Exposed, Image, Tree
from gate.pipeline.image_runs import images_with_runs
from gate.settings import Settings
from tests.conftest import NOW

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: shop:1}]}\n"
IMAGE = Image(source="registry", reference="shop:1", name="shop:1")


def test_images_come_back_with_their_workloads(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    folder = make_tree({"web.yaml": POD, "broken.yaml": "apiVersion: v1\nkind: Pod\n a: ["})
    (found,) = images_with_runs([IMAGE], folder, Settings(), NOW)
    assert [(one.workload, one.place, one.exposed) for one in found.runs] == [
        ("Pod/web", "web.yaml:4", Exposed.UNKNOWN)
    ]


def test_the_folder_is_not_read_for_an_image_without_a_name() -> None:
    archive = Image(source="archive", reference="shop.tar", name="archive:shop.tar")
    assert images_with_runs([archive], Tree(root="gone", name="gone"), Settings(), NOW) == (archive,)


def test_a_worker_without_an_answer_is_an_error(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    folder = make_tree({"web.yaml": POD})
    with pytest.raises(UnreadableError, match="what runs the images cannot be read"):
        images_with_runs([IMAGE], Tree(root=f"{folder.root}/gone", name="gone"), Settings(), NOW)
