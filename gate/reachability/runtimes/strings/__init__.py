"""What texts, code and archives state as names or paths, however it is stored in them."""
