"""The composition root's parts: they join queries and use cases to the window's callables."""
