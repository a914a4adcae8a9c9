from collections.abc import Mapping

control: Mapping[str, str]
select: Mapping[str, str]
settings_header: Mapping[str, str | tuple[str, ...]]
survey_header: Mapping[str, str | tuple[str, ...]]
entities_header: Mapping[str, str | tuple[str, ...]]
list_header: Mapping[str, str | tuple[str, ...]]
_type_alias_map: Mapping[str, str]
yes_no: Mapping[str | bool, bool]
BINDING_CONVERSIONS: Mapping[str, str]
