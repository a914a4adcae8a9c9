"""One module per page, built on its first visit."""
