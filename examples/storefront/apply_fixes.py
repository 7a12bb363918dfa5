"""Mend the shop: copy `fixes/` over it, delete what should never have been there, and build the image again.

python apply_fixes.py FOLDER     FOLDER: a copy of the shop (the original is there to be found guilty)
"""

import shutil
import sys
from pathlib import Path

import build_image

HERE = Path(__file__).resolve().parent
DELETED = ("deploy/deploy_key",)
"""Secrets that leave the repository altogether. In real life: revoke them first, they are in the history."""


def apply_fixes(shop: Path) -> list[str]:
    """Mend the shop in this folder; return the paths that changed."""
    fixed = [path.relative_to(HERE / "fixes") for path in sorted((HERE / "fixes").rglob("*")) if path.is_file()]
    for path in fixed:
        shutil.copyfile(HERE / "fixes" / path, shop / path)
    for name in DELETED:
        (shop / name).unlink(missing_ok=True)
    build_image.build(shop)
    return [*map(str, fixed), *DELETED]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for changed in apply_fixes(Path(sys.argv[1])):
        print(changed)
