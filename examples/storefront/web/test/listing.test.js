import assert from "node:assert/strict";
import test from "node:test";
import { listing } from "../listing.js";

test("what is sold out is listed apart", () => {
  const template = "{{#available}}{{title}} {{price}};{{/available}}|{{#soldOut}}{{title}}{{/soldOut}}";
  const products = [
    { title: "Mug", price_cents: 1290, stock: 3 },
    { title: "Bag", price_cents: 1800, stock: 0 },
  ];
  assert.equal(listing(template, products), "Mug 12.90 €;|Bag");
});
