from collections.abc import Mapping

QUESTION_TYPE_DICT: Mapping[str, Mapping[str, Mapping[str, str]]]
