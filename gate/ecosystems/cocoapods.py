"""CocoaPods: packages of Swift and Objective-C.

OSV and GitHub's database have no ecosystem for pods. Many are packages of the Swift Package Manager too, released from
one repository under the same versions, and those have advisories by that repository.
"""

from collections.abc import Mapping

from gate.core.word_lists import word_lists, word_table
from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

_LISTS = word_lists(__file__)
_REPOSITORIES: Mapping[str, str] = word_table(_LISTS["repositories"])
"""Name of a pod to its repository on GitHub, whose tags are the pod's versions.

Source: the podspec of that name in each of these repositories, looked up on 2026-11-28.
"""


def _as_swift_package(name: str) -> tuple[str, str] | None:
    return ("SwiftURL", f"github.com/{_REPOSITORIES[name]}") if name in _REPOSITORIES else None


ECOSYSTEM = Ecosystem(
    name="CocoaPods",
    has_advisories=False,
    judged_as=_as_swift_package,
    package_urls=PackageUrls(type="cocoapods"),
    update=UpdateCommands(
        by_file={
            "Podfile.lock": both("pod update {name}"),
        },
    ),
)
