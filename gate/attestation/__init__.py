"""Attestations: the verdict as a signed in-toto statement of what was judged by which policy, and its verification."""
