// Turns products into the page.
import lodash from "lodash";
import mustache from "mustache";

const price = (cents) => `${(cents / 100).toFixed(2)} €`;

export function listing(template, products) {
  const shelves = lodash.groupBy(products, (product) => (product.stock > 0 ? "available" : "soldOut"));
  const shown = (shelf = []) => shelf.map((product) => ({ ...product, price: price(product.price_cents) }));
  return mustache.render(template, { available: shown(shelves.available), soldOut: shown(shelves.soldOut) });
}
