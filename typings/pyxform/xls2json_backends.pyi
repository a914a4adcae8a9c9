import re
from collections.abc import Mapping, Sequence

RE_WHITESPACE: re.Pattern[str]

class DefinitionData:
    survey: Sequence[Mapping[str, str]] | None
    survey_header: Sequence[Mapping[str, object]] | None
    choices: Sequence[Mapping[str, str]] | None
    choices_header: Sequence[Mapping[str, object]] | None
    settings: Sequence[Mapping[str, str]] | None
    settings_header: Sequence[Mapping[str, object]] | None
    external_choices: Sequence[Mapping[str, str]] | None
    external_choices_header: Sequence[Mapping[str, object]] | None
    entities: Sequence[Mapping[str, str]] | None
    entities_header: Sequence[Mapping[str, object]] | None
    sheet_names: Sequence[str] | None

def get_xlsform(xlsform: bytes, file_type: str | None = None) -> DefinitionData: ...
def is_empty(value: object) -> bool: ...
def xlsx_value_to_str(value: object) -> str: ...
