"""Product pictures: whatever is uploaded leaves as a WebP of at most 800 pixels."""

import io

from flask import Blueprint, Response, request
from PIL import Image

routes = Blueprint("pictures", __name__, url_prefix="/pictures")

LONGEST_SIDE = 800


def as_webp(original: bytes) -> bytes:
    """Return `original` scaled down and encoded as WebP."""
    picture = Image.open(io.BytesIO(original))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=82)
    return encoded.getvalue()


@routes.post("")
def upload():
    return Response(as_webp(request.get_data(cache=False)), mimetype="image/webp")
