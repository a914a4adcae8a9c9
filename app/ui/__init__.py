"""The window: navigation, pages and parts; it is given callables and never touches storage."""
