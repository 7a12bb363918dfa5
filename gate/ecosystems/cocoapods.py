"""CocoaPods: packages of Swift and Objective-C."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="CocoaPods",
    has_advisories=False,
    package_urls=PackageUrls(type="cocoapods"),
)
