from enum import StrEnum

SURVEY: str
SETTINGS: str
ENTITIES: str
SUPPORTED_SHEET_NAMES: set[str]
EXTERNAL_INSTANCE_EXTENSIONS: set[str]

class EntityColumns(StrEnum): ...
