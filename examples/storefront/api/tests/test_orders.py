import pytest

from storefront.catalogue import search
from storefront.orders import total_cents


def test_an_order_is_summed_in_cents():
    assert total_cents({"MUG-01": 2, "TEE-07": 1}) == 4980


@pytest.mark.parametrize("lines", [{"NO-SUCH": 1}, {"MUG-01": 0}, {"MUG-02": 13}, {"BAG-03": 1}])
def test_what_is_not_in_stock_cannot_be_ordered(lines):
    with pytest.raises(ValueError, match="not available"):
        total_cents(lines)


def test_search_wants_every_word_and_sorts_by_price():
    assert [product.sku for product in search("MUG enamel")] == ["MUG-01", "MUG-02"]
