"""What the shop sells. Prices are whole cents: money is never a float here."""

from dataclasses import asdict, dataclass

from flask import Blueprint, abort, jsonify, request

routes = Blueprint("catalogue", __name__, url_prefix="/products")


@dataclass(frozen=True)
class Product:
    sku: str
    title: str
    price_cents: int
    stock: int = 0


PRODUCTS = {
    product.sku: product
    for product in (
        Product("MUG-01", "Enamel mug, blue", 1290, stock=40),
        Product("MUG-02", "Enamel mug, white", 1290, stock=12),
        Product("TEE-07", "T-shirt, organic cotton", 2400, stock=75),
        Product("BAG-03", "Canvas bag", 1800),
    )
}


def search(words: str) -> list[Product]:
    """Return the products whose title has every word, cheapest first."""
    wanted = words.casefold().split()
    hits = (product for product in PRODUCTS.values() if all(word in product.title.casefold() for word in wanted))
    return sorted(hits, key=lambda product: (product.price_cents, product.sku))


@routes.get("")
def list_products():
    return jsonify([asdict(product) for product in search(request.args.get("q", ""))])


@routes.get("/<sku>")
def show_product(sku: str):
    product = PRODUCTS.get(sku)
    if product is None:
        abort(404)
    return jsonify(asdict(product))
