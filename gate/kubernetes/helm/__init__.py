"""Helm charts: what their templates make of the charts' own values, by a bounded reading that starts nothing."""
