"""Many repositories and images: what was read of them once is kept in a store, found again and judged again."""
