"""An example plugin of the gate."""
