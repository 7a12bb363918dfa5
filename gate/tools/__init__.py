"""Other scanners as part of the pipeline: `run` starts them with limits, `formats` parses their reports."""
