"""What runs an image is read in a worker of the folder, and comes back with the image."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.errors import UnreadableError, UsageError
from gate.model import Exposed, Image, Tree
from gate.pipeline.image_runs import images_of_folder
from gate.settings import Settings
from tests.conftest import NOW

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: shop:1}]}\n"
IMAGE = Image(source="registry", reference="shop:1", name="shop:1")


def test_images_come_back_with_their_workloads(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    folder = make_tree({"web.yaml": POD, "broken.yaml": "apiVersion: v1\nkind: Pod\n a: ["})
    (found,) = images_of_folder([IMAGE], folder, Settings(), NOW)
    assert [(one.workload, one.place, one.exposed) for one in found.runs] == [
        ("Pod/web", "web.yaml:4", Exposed.UNKNOWN)
    ]


def test_the_folder_is_not_read_for_an_image_without_a_name() -> None:
    archive = Image(source="archive", reference="shop.tar", name="archive:shop.tar")
    assert images_of_folder([archive], Tree(root="gone", name="gone"), Settings(), NOW) == (archive,)


def test_a_worker_without_an_answer_is_an_error(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    folder = make_tree({"web.yaml": POD})
    with pytest.raises(UnreadableError, match="what runs the images cannot be read"):
        images_of_folder([IMAGE], Tree(root=f"{folder.root}/gone", name="gone"), Settings(), NOW)


def test_images_that_files_name_are_found_there_too(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    folder = make_tree({"web.yaml": POD, "more.yaml": POD.replace("shop:1", "till:2").replace("web", "till")})
    found = images_of_folder([IMAGE], folder, Settings(images_from=("kubernetes",)), NOW)
    assert [(one.name, [run.workload for run in one.runs]) for one in found] == [
        ("shop:1", ["Pod/web"]),
        ("till:2", ["Pod/till"]),
    ]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("gone/*.yaml", "no file that names images"), ("[z-a]", "cannot be understood")],
    ids=["matches nothing", "malformed"],
)
def test_a_wrong_pattern_is_wrong_usage(
    pattern: str, why: str, make_tree: Callable[..., Tree], own_cache: Path
) -> None:
    with pytest.raises(UsageError, match=why):
        images_of_folder([], make_tree({"web.yaml": POD}), Settings(images_from=(pattern,)), NOW)
