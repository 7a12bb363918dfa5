"""The verdict as evidence: an in-toto statement that says who judged what by which policy, signed, checked later."""
