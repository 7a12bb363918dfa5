"""Whether a candidate is a secret, and how sure that is: the value's own shape, and what stands around it."""
