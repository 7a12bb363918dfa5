"""Rules on files: their modes, what a build left, what was changed."""

from collections.abc import Iterator

from gate.images.rules.base import Hit, Subject, listed, rule
from gate.model import Severity


@rule(
    "GI007",
    Severity.INFO,
    "Setuid and setgid files",
    why=(
        "A setuid or setgid program gives anyone who starts it the rights of its owner or group: a way to gain "
        "privileges after a break-in."
    ),
    mend="Remove programs that are not needed, or the bit: RUN chmod a-s FILE. Run with no-new-privileges.",
    references=("CWE-250", "CIS-DI-0008", "CIS Docker 4.8"),
    bad='{"modes": {"privileged": ["usr/bin/su"]}}',
    good='{"modes": {"privileged": []}}',
)
def has_privileged_files(image: Subject) -> Iterator[Hit]:
    files = image.modes.privileged
    if files:
        yield Hit(message=f"{len(files)} setuid or setgid files: {listed(files)}")


@rule(
    "GI014",
    Severity.LOW,
    "World-writable files",
    why="Anyone who breaks into any process in the container can change what other processes read or run.",
    mend="Remove the write permission: RUN chmod o-w FILE, or COPY --chmod=644.",
    references=("CWE-732",),
    bad='{"modes": {"writable_files": ["app/settings.py"]}}',
    good='{"modes": {"writable_files": []}}',
)
def has_writable_files(image: Subject) -> Iterator[Hit]:
    files = image.modes.writable_files
    if files:
        yield Hit(message=f"{len(files):,} world-writable files: {listed(files)}")


@rule(
    "GI015",
    Severity.LOW,
    "World-writable folders without the sticky bit",
    why="In a world-writable folder without the sticky bit, anyone can replace any file.",
    mend="Give the folder to the user that needs it, or set the sticky bit: RUN chmod 1777 FOLDER.",
    references=("CWE-732",),
    bad='{"modes": {"writable_folders": ["app/uploads"]}}',
    good='{"modes": {"writable_folders": []}}',
)
def has_writable_folders(image: Subject) -> Iterator[Hit]:
    folders = image.modes.writable_folders
    if folders:
        yield Hit(message=f"{len(folders):,} folders without sticky bit: {listed(folders)}")


@rule(
    "GI016",
    Severity.LOW,
    "Program that grants root's rights",
    why=(
        "sudo and doas give accounts in the container a way to root, and are large programs with vulnerabilities of "
        "their own."
    ),
    mend="Remove the package; set USER for the build step that needs other rights.",
    references=("CWE-250", "DKL-DI-0001"),
    bad='{"remains": {"sudo": ["usr/bin/sudo"]}}',
    good='{"remains": {"sudo": []}}',
)
def has_sudo(image: Subject) -> Iterator[Hit]:
    for path in image.remains.sudo:
        layer = image.remains.layers.get(path)
        yield Hit(message=f"{path} is in the image", evidence=(path,), path=path, layer=layer)


@rule(
    "GI017",
    Severity.INFO,
    "Package manager caches left in the image",
    why="They make the image larger for nothing: their content is already installed, or out of date.",
    mend="Remove them in the RUN that makes them, or use RUN --mount=type=cache; pip --no-cache-dir, apk --no-cache.",
    references=("DKL-DI-0004", "DKL-DI-0005"),
    bad='{"remains": {"caches": ["var/cache/apt/archives/curl_8_amd64.deb"], "cache_bytes": 3000000}}',
    good='{"remains": {"caches": []}}',
)
def has_caches(image: Subject) -> Iterator[Hit]:
    caches = image.remains.caches
    if caches:
        yield Hit(message=f"{len(caches):,} files with {image.remains.cache_bytes:,} bytes: {listed(caches)}")


@rule(
    "GI018",
    Severity.INFO,
    "Build tools left in the image",
    why="Compilers, debuggers and git let an intruder build tools in place, and add vulnerabilities of their own.",
    mend="Build in a separate stage, and COPY --from= the result into an image without them.",
    references=("CWE-1125", "CIS Docker 4.3"),
    bad='{"remains": {"build_tools": ["usr/bin/gcc-12"]}}',
    good='{"remains": {"build_tools": []}}',
)
def has_build_tools(image: Subject) -> Iterator[Hit]:
    tools = image.remains.build_tools
    if tools:
        yield Hit(message=f"{len(tools)} build tools: {listed(tools)}")


@rule(
    "GI019",
    Severity.INFO,
    "Shell in the image",
    why="Most attacks on a service start a shell; without one, they fail.",
    mend="Use a distroless base image or scratch if the service does not start a shell.",
    references=("CWE-1125", "CIS Docker 4.3"),
    bad='{"remains": {"shells": ["usr/bin/bash"]}}',
    good='{"remains": {"shells": []}}',
)
def has_shells(image: Subject) -> Iterator[Hit]:
    shells = image.remains.shells
    if shells:
        yield Hit(message=f"{len(shells)} shells: {listed(shells)}")


@rule(
    "GI020",
    Severity.HIGH,
    "File differs from its package",
    why=(
        "The file is not the one that the package manager installed: the package's version says nothing about it, and "
        "an update overwrites it."
    ),
    mend="Find the step that changes it. Install your own programs below /usr/local or /opt, or as a package.",
    references=("CWE-345", "CWE-494"),
    bad='{"changed": [{"path": "usr/bin/passwd", "package": "passwd", "layer": "sha256:0a"}]}',
    good='{"changed": []}',
)
def differs_from_package(image: Subject) -> Iterator[Hit]:
    for file in image.changed:
        yield Hit(
            message=f"{file.path} differs from what the package {file.package} installed",
            evidence=(file.path, file.package),
            path=file.path,
            layer=file.layer,
        )


@rule(
    "GI021",
    Severity.LOW,
    "Programs in system folders that belong to no package",
    why="No advisory covers them and no one updates them; a trojan would be placed here too.",
    mend="Install them as packages, or below /usr/local or /opt.",
    references=("CWE-1104",),
    bad='{"unexplained": ["usr/bin/tool"]}',
    good='{"unexplained": []}',
)
def has_unexplained_programs(image: Subject) -> Iterator[Hit]:
    programs = list(image.unexplained)
    if programs:
        yield Hit(message=f"{len(programs):,} programs and libraries belong to no package: {listed(programs)}")


@rule(
    "GI022",
    Severity.HIGH,
    "Crontab that works like a back door",
    why="Miners and back doors use a job that fetches and runs a program to come back after they are removed.",
    mend="Remove the line, and find out which build step added it.",
    references=("CWE-506", "CWE-494"),
    bad='{"cron": [{"path": "etc/cron.d/x", "line": 1, "sign": "runs what it fetches over the network"}]}',
    good='{"cron": []}',
)
def has_suspicious_cron(image: Subject) -> Iterator[Hit]:
    for line in image.cron:
        yield Hit(
            message=f"Line {line.line} of {line.path} {line.sign}",
            evidence=(line.path, line.sign),
            path=line.path,
            line=line.line,
            layer=image.remains.layers.get(line.path),
        )


@rule(
    "GI031",
    Severity.MEDIUM,
    "Source code history in the image",
    why=(
        "A version control folder contains everything that was ever committed, including secrets that were removed "
        "later."
    ),
    mend="List .git in .dockerignore, or copy only what the image needs.",
    references=("CWE-527", "DKL-LI-0003"),
    bad='{"remains": {"histories": ["app/.git"]}}',
    good='{"remains": {"histories": []}}',
)
def has_history_of_sources(image: Subject) -> Iterator[Hit]:
    for folder in image.remains.histories:
        layer = image.remains.layers.get(folder)
        yield Hit(message=f"{folder} is in the image", evidence=(folder,), path=folder, layer=layer)


@rule(
    "GI033",
    Severity.INFO,
    "Development dependencies in the image",
    why=(
        "Packages that an application needs for its tests and its build are not used when it runs, but they bring "
        "vulnerabilities, and tools that an intruder can start."
    ),
    mend=(
        "Install without them: npm ci --omit=dev, composer install --no-dev. If the build needs them, build in a "
        "separate stage, and install again in the last one."
    ),
    references=("CWE-1125", "CIS Docker 4.3"),
    bad='{"development": ["mocha", "typescript"]}',
    good='{"development": []}',
)
def has_development_dependencies(image: Subject) -> Iterator[Hit]:
    names = list(image.development)
    if names:
        yield Hit(message=f"{len(names):,} packages are for development alone: {listed(names)}")
