from enum import StrEnum

SURVEY: str
SETTINGS: str
ENTITIES: str
SUPPORTED_SHEET_NAMES: set[str]
EXTERNAL_INSTANCE_EXTENSIONS: set[str]

class EntityColumns(StrEnum):
    DATASET = "dataset"
    ENTITY_ID = "entity_id"
    CREATE_IF = "create_if"
    UPDATE_IF = "update_if"
    REPEAT = "repeat"
    LABEL = "label"
