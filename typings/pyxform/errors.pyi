from collections.abc import Mapping

class PyXFormError(Exception):
    context: Mapping[str, object]
