"""Maven Central and its like: packages of Java and other languages of its virtual machine."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

ECOSYSTEM = Ecosystem(
    name="Maven",
    version_order="maven",
    has_named_functions=True,
    package_urls=PackageUrls(type="maven", namespace_end=":"),
    update=UpdateCommands(
        by_file={
            "buildscript-gradle.lockfile": both("gradle dependencies --update-locks {name}"),
            "gradle.lockfile": both("gradle dependencies --update-locks {name}"),
            "pom.xml": ("mvn versions:use-dep-version -Dincludes={name} -DdepVersion={version}", ""),
        },
    ),
    language="java",
    has_followed_runtime=True,
    system_modules=r"usr/share/(?:java|maven-repo)/[^/.]+",
)
