"""The callables each page is given, one module a page."""
