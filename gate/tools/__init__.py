"""Other programs as part of the pipeline: `run` starts them within bounds, `formats` reads what they write."""
