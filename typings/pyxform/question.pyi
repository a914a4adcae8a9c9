from collections.abc import Iterable

class Option:
    @staticmethod
    def get_slot_names() -> Iterable[str]: ...

class MultipleChoiceQuestion:
    @staticmethod
    def get_slot_names() -> Iterable[str]: ...
