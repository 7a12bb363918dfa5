"""From a file's bytes to candidates: decoding, the pre-filter, and the detectors on the lines that it marks."""
