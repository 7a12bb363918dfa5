"""Rules on files: their modes, what a build left, what was changed."""

from collections.abc import Iterator

from gate.images.rules.base import Hit, Subject, listed, rule
from gate.model import Severity


@rule(
    "GI007",
    Severity.INFO,
    "Files that run with more rights",
    why="A setuid or setgid program gives anyone who starts it the rights of its owner: a step up after a break-in.",
    mend="Remove what is not needed, or its bit: RUN chmod a-s FILE. Run with no-new-privileges.",
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
    "Files that everybody may write",
    why="Anyone who breaks into any process of the container can change what others read or run.",
    mend="Take the right away: RUN chmod o-w FILE, or COPY --chmod=644.",
    references=("CWE-732",),
    bad='{"modes": {"writable_files": ["app/settings.py"]}}',
    good='{"modes": {"writable_files": []}}',
)
def has_writable_files(image: Subject) -> Iterator[Hit]:
    files = image.modes.writable_files
    if files:
        yield Hit(message=f"{len(files):,} files that everybody may write: {listed(files)}")


@rule(
    "GI015",
    Severity.LOW,
    "Folders in which everybody may replace files",
    why="In a folder that everybody may write to, without sticky bit, anybody can put another file in a file's place.",
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
    "Program that hands out root's rights",
    why="sudo and doas in a container are a way from any account to root, and large programs with holes of their own.",
    mend="Remove the package; set USER for the step that needs other rights.",
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
    "Caches of package managers left",
    why="They make the image larger and of no use: what is in them is installed already, or out of date.",
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
    why="Compilers, debuggers and git let an intruder build their tools in place, and bring holes of their own.",
    mend="Build in a stage of its own, and COPY --from= the result into an image without them.",
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
    why="Most attacks on a service end in starting a shell; where there is none, they end there.",
    mend="Build on a distroless image or on scratch if the service starts no shell.",
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
    why="What the package manager lists as one program is another: its version says nothing, and updates undo it.",
    mend="Find the step that changes it. Install own programs below /usr/local or /opt, or as a package of their own.",
    references=("CWE-345", "CWE-494"),
    bad='{"changed": [{"path": "usr/bin/passwd", "package": "passwd", "layer": "sha256:0a"}]}',
    good='{"changed": []}',
)
def differs_from_package(image: Subject) -> Iterator[Hit]:
    for file in image.changed:
        yield Hit(
            message=f"{file.path} is not what the package {file.package} brought",
            evidence=(file.path, file.package),
            path=file.path,
            layer=file.layer,
        )


@rule(
    "GI021",
    Severity.LOW,
    "Programs of no package among those of the distribution",
    why="No advisory speaks of them and no one updates them; this is also where a trojan would be put.",
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
    "Cron table that works like a back door",
    why="A job that fetches and runs a program is how miners and back doors stay, whatever is removed.",
    mend="Remove the line, and find out which step of the build brought it.",
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
    "History of the source code in the image",
    why="With a folder of version control goes all that was ever committed, the secrets that were removed since too.",
    mend="Name .git in .dockerignore, or copy only what the image needs.",
    references=("CWE-527", "DKL-LI-0003"),
    bad='{"remains": {"histories": ["app/.git"]}}',
    good='{"remains": {"histories": []}}',
)
def has_history_of_sources(image: Subject) -> Iterator[Hit]:
    for folder in image.remains.histories:
        layer = image.remains.layers.get(folder)
        yield Hit(message=f"{folder} is in the image", evidence=(folder,), path=folder, layer=layer)
