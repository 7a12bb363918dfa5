"""Where the shop finds its neighbours; the environment says it."""

import os
from dataclasses import dataclass

# The key of the picture bucket's user.
AWS_ACCESS_KEY_ID = "AKIA7A36TVIAKXDMWHHQ"


@dataclass(frozen=True)
class Settings:
    shipping_url: str
    session_key: str
    picture_bucket: str
    aws_access_key_id: str = AWS_ACCESS_KEY_ID

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings."""
        return cls(
            shipping_url=os.environ.get("SHIPPING_URL", "http://shipping:8081"),
            session_key=os.environ["SECRET_KEY"],
            picture_bucket=os.environ.get("PICTURE_BUCKET", "storefront-pictures"),
        )
