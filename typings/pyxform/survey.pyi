from collections.abc import Iterable

class Survey:
    @staticmethod
    def get_slot_names() -> Iterable[str]: ...
