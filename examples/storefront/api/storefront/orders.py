"""Taking an order: check the stock, sum it up, ask the shipping service for the rate."""

import requests
from flask import Blueprint, abort, current_app, jsonify, request

from storefront.catalogue import PRODUCTS

routes = Blueprint("orders", __name__, url_prefix="/orders")


def total_cents(lines: dict[str, int]) -> int:
    """Return the price of `lines` (SKU to quantity). Raises ValueError for what cannot be bought."""
    total = 0
    for sku, quantity in lines.items():
        product = PRODUCTS.get(sku)
        if product is None or not 0 < quantity <= product.stock:
            raise ValueError(f"{sku} is not available in this quantity")
        total += product.price_cents * quantity
    return total


def shipping_cents(country: str, weight_grams: int) -> int:
    """Ask the shipping service for its rate."""
    answer = requests.get(
        current_app.config["SHOP"].shipping_url + "/rate",
        params={"country": country, "grams": weight_grams},
        timeout=3,
    )
    answer.raise_for_status()
    return int(answer.json()["cents"])


@routes.post("")
def place_order():
    order = request.get_json()
    try:
        goods = total_cents(order["lines"])
    except (KeyError, ValueError) as error:
        abort(400, description=str(error))
    shipping = shipping_cents(order.get("country", "DE"), 400 * sum(order["lines"].values()))
    return jsonify(goods_cents=goods, shipping_cents=shipping, total_cents=goods + shipping), 201
