"""Runs `app.py` of a folder with its `site-packages`, and prints which functions in there were called, as JSON."""

import contextlib
import io
import json
import os
import runpy
import sys
import threading
from types import FrameType


def main(folder: str) -> None:
    os.chdir(folder)
    site = os.path.join(folder, "site-packages")
    sys.path[:] = [folder, site, *(path for path in sys.path if "site-packages" not in path)]
    sys.argv = ["app.py"]
    called: set[tuple[str, str]] = set()

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(site):
            called.add((os.path.relpath(code.co_filename, folder), code.co_qualname))

    threading.setprofile(profile)
    sys.setprofile(profile)
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path("app.py", run_name="__main__")
    sys.setprofile(None)
    threading.setprofile(None)
    print(json.dumps(sorted(called)))


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
