"""CocoaPods: packages of Swift and Objective-C.

OSV and GitHub's database have no ecosystem for pods. Many are packages of the Swift Package Manager too, released from
one repository under the same versions, and those have advisories by that repository.
"""

from collections.abc import Mapping

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both

_REPOSITORIES: Mapping[str, str] = {
    "AFNetworking": "AFNetworking/AFNetworking",
    "Alamofire": "Alamofire/Alamofire",
    "AlamofireImage": "Alamofire/AlamofireImage",
    "AppAuth": "openid/AppAuth-iOS",
    "BigInt": "attaswift/BigInt",
    "Branch": "BranchMetrics/ios-branch-deep-linking-attribution",
    "CocoaAsyncSocket": "robbiehanson/CocoaAsyncSocket",
    "CocoaLumberjack": "CocoaLumberjack/CocoaLumberjack",
    "CryptoSwift": "krzyzanowskim/CryptoSwift",
    "FBSDKCoreKit": "facebook/facebook-ios-sdk",
    "FMDB": "ccgus/fmdb",
    "GCDWebServer": "swisspol/GCDWebServer",
    "GRDB.swift": "groue/GRDB.swift",
    "GTMAppAuth": "google/GTMAppAuth",
    "GTMSessionFetcher": "google/gtm-session-fetcher",
    "GoogleSignIn": "google/GoogleSignIn-iOS",
    "GzipSwift": "1024jp/GzipSwift",
    "JWTDecode": "auth0/JWTDecode.swift",
    "KeychainAccess": "kishikawakatsumi/KeychainAccess",
    "Kingfisher": "onevcat/Kingfisher",
    "Lock": "auth0/Lock.swift",
    "MatrixKit": "matrix-org/matrix-ios-kit",
    "MatrixSDK": "matrix-org/matrix-ios-sdk",
    "Moya": "Moya/Moya",
    "MSAL": "AzureAD/microsoft-authentication-library-for-objc",
    "OneSignal": "OneSignal/OneSignal-iOS-SDK",
    "Parse": "parse-community/Parse-SDK-iOS-OSX",
    "PromiseKit": "mxcl/PromiseKit",
    "ReactiveSwift": "ReactiveCocoa/ReactiveSwift",
    "Realm": "realm/realm-swift",
    "RealmSwift": "realm/realm-swift",
    "RxSwift": "ReactiveX/RxSwift",
    "SDWebImage": "SDWebImage/SDWebImage",
    "SDWebImageWebPCoder": "SDWebImage/SDWebImageWebPCoder",
    "SQLite.swift": "stephencelis/SQLite.swift",
    "SSZipArchive": "ZipArchive/ZipArchive",
    "Sentry": "getsentry/sentry-cocoa",
    "SnapKit": "SnapKit/SnapKit",
    "Socket.IO-Client-Swift": "socketio/socket.io-client-swift",
    "SocketRocket": "facebookincubator/SocketRocket",
    "Starscream": "daltoniam/Starscream",
    "Stripe": "stripe/stripe-ios",
    "SwiftProtobuf": "apple/swift-protobuf",
    "SwiftSoup": "scinfu/SwiftSoup",
    "SwiftyJSON": "SwiftyJSON/SwiftyJSON",
    "TrustKit": "datatheorem/TrustKit",
    "Valet": "square/Valet",
    "ZIPFoundation": "weichsel/ZIPFoundation",
    "Zip": "marmelroy/Zip",
    "gRPC-Swift": "grpc/grpc-swift",
    "libwebp": "SDWebImage/libwebp-Xcode",
    "lottie-ios": "airbnb/lottie-ios",
}
"""Name of a pod to its repository on GitHub, whose tags are the pod's versions."""


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
