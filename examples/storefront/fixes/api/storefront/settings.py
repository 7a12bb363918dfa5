"""Where the shop finds its neighbours; the environment says it."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    shipping_url: str
    session_key: str
    picture_bucket: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings. The AWS client finds its own credentials: the pod's role hands them out."""
        return cls(
            shipping_url=os.environ.get("SHIPPING_URL", "http://shipping:8081"),
            session_key=os.environ["SECRET_KEY"],
            picture_bucket=os.environ.get("PICTURE_BUCKET", "storefront-pictures"),
        )
