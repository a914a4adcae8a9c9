"""Which sheets, columns and types there are: the converter's own tables, and what clerks write instead."""

from __future__ import annotations

from functools import cache, lru_cache

from pyxform import aliases, constants
from pyxform.parsing.sheet_headers import process_header
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.survey import Survey

SHEETS = frozenset(str(n) for n in constants.SUPPORTED_SHEET_NAMES)

EXPRESSIONS = frozenset(
    {
        "bind::relevant",
        "bind::constraint",
        "bind::calculate",
        "bind::required",
        "bind::readonly",
        "control::jr:count",
        "choice_filter",
        "create_if",
        "update_if",
        "entity_id",
        "instance_name",
    }
)
"""Columns that hold an expression."""

CODES = frozenset({"type", "name", "list name", "list_name", "parameters", "control::appearance", "trigger"})
"""Columns whose words are meant for the program, not for people."""

"""Words that stand for true() and false()."""

SAID_YES = frozenset({"是", "对", "必填", "√", "Y", "y", "YES!", "1"})
SAID_NO = frozenset({"否", "不", "非必填", "×", "N", "n", "0"})

SHEETS_SAID = {
    "问卷": "survey",
    "题目": "survey",
    "调查": "survey",
    "问题": "survey",
    "选项": "choices",
    "选择项": "choices",
    "设置": "settings",
    "表单设置": "settings",
}

HEADERS_SAID = {
    "类型": "type",
    "题型": "type",
    "名称": "name",
    "题名": "name",
    "变量名": "name",
    "编码": "name",
    "值": "name",
    "标签": "label",
    "标题": "label",
    "题目": "label",
    "问题": "label",
    "选项": "label",
    "提示": "hint",
    "说明": "hint",
    "必填": "required",
    "显示条件": "relevant",
    "相关": "relevant",
    "跳转": "relevant",
    "约束": "constraint",
    "校验": "constraint",
    "计算": "calculation",
    "公式": "calculation",
    "默认值": "default",
    "只读": "read_only",
    "外观": "appearance",
    "列表": "list_name",
    "选项列表": "list_name",
    "选项组": "list_name",
    "表单编号": "form_id",
    "表单名称": "form_title",
    "版本": "version",
}

TYPES_SAID = {
    "单选": "select_one",
    "单选题": "select_one",
    "单项选择": "select_one",
    "多选": "select_multiple",
    "多选题": "select_multiple",
    "多项选择": "select_multiple",
    "selectone": "select_one",
    "select-one": "select_one",
    "select_single": "select_one",
    "radio": "select_one",
    "selectmultiple": "select_multiple",
    "select-multiple": "select_multiple",
    "select multiple": "select_multiple",
    "select_many": "select_multiple",
    "checkbox": "select_multiple",
    "文本": "text",
    "文字": "text",
    "填空": "text",
    "填空题": "text",
    "数字": "integer",
    "整数": "integer",
    "number": "integer",
    "numeric": "integer",
    "小数": "decimal",
    "金额": "decimal",
    "float": "decimal",
    "日期": "date",
    "时间": "time",
    "日期时间": "dateTime",
    "说明": "note",
    "提示": "note",
    "备注": "note",
    "label": "note",
    "计算": "calculate",
    "calculation": "calculate",
    "照片": "image",
    "图片": "image",
    "拍照": "image",
    "签名": "image",
    "位置": "geopoint",
    "定位": "geopoint",
    "分组": "begin_group",
    "开始分组": "begin_group",
    "结束分组": "end_group",
    "重复": "begin_repeat",
    "重复组": "begin_repeat",
    "开始重复": "begin_repeat",
    "结束重复": "end_repeat",
    "范围": "range",
    "滑块": "range",
    "附件": "file",
    "文件": "file",
    "录音": "audio",
    "音频": "audio",
    "视频": "video",
    "排序": "rank",
    "确认": "acknowledge",
}

NOT_ON_PHONES = {
    "last": "",
    "lang": "",
    "id": "",
    "name": "",
    "local-name": "",
    "namespace-uri": "",
    "substring": "substr()",
    "floor": "int()",
    "ceiling": "",
}
"""Functions of XPath the phone's engine refuses when it opens a form, with what does the same."""

PHONE_ARITY = {"coalesce": (2, 2), "number": (1, 1), "string": (1, 1)}
"""Numbers of arguments the phone's engine insists on where ours takes others as well."""

USAGE = {
    "if": "if(${age} >= 60, '1', '0')",
    "selected": "selected(${health}, '1')",
    "selected-at": "selected-at(${health}, 0)",
    "count-selected": "count-selected(${health})",
    "round": "round(${income}, 2)",
    "int": "int(${income})",
    "regex": "regex(., '[0-9]{6}')",
    "string-length": "string-length(.)",
    "substr": "substr(${code}, 0, 6)",
    "contains": "contains(${name}, 'A')",
    "starts-with": "starts-with(${code}, '99')",
    "coalesce": "coalesce(${income}, 0)",
    "concat": "concat(${a}, '-', ${b})",
    "join": "join(',', ${name})",
    "sum": "sum(${wage})",
    "count": "count(${member})",
    "max": "max(${a}, ${b})",
    "min": "min(${a}, ${b})",
    "pow": "pow(${a}, 2)",
    "not": "not(selected(${health}, '1'))",
    "date": "date('2026-03-01')",
    "format-date": "format-date(${day}, '%Y-%m-%d')",
    "pulldata": "pulldata('villages', 'name', 'code', ${village})",
    "indexed-repeat": "indexed-repeat(${name}, ${member}, 1)",
    "jr:choice-name": "jr:choice-name(${cause}, '${cause}')",
    "today": "today()",
    "now": "now()",
    "once": "once(uuid())",
}
"""How calls look that clerks write most."""

LATER = frozenset(
    {
        "audio",
        "video",
        "rank",
        "geotrace",
        "geoshape",
        "background-audio",
        "background-geopoint",
        "start-geopoint",
        "select_one_external",
        "osm",
        "q audio",
        "q video",
        "q geotrace",
        "q geoshape",
        "add audio prompt",
        "add video prompt",
    }
)
"""Types that are shown read-only here; their values are kept."""

KOBO_ONLY = frozenset(
    f"{edge}_{name}" for edge in ("begin", "end") for name in ("kobomatrix", "score", "rank")
) | {"score__row", "rank__level", "kobomatrix__row"}

SILENT = frozenset(
    {"calculate", "hidden", "audit", "csv-external", "xml-external", "add calculate prompt", "q calculate"}
)
"""Types without words on the screen; those that only record something are found by ``is_silent``."""


@cache
def _columns(kind: str) -> tuple[dict[str, str | tuple[str, ...]], frozenset[str]]:
    """The converter's other names of columns, and its columns, of a sheet."""
    if kind == constants.SETTINGS:
        return dict(aliases.settings_header), frozenset(str(n) for n in Survey.get_slot_names())
    if kind == constants.SURVEY:
        names = MultipleChoiceQuestion.get_slot_names()
        return dict(aliases.survey_header), frozenset(str(n) for n in names)
    if kind == constants.ENTITIES:
        names = {str(c.value) for c in constants.EntityColumns}
        return dict(aliases.entities_header), frozenset(names)
    return dict(aliases.list_header), frozenset(str(n) for n in Option.get_slot_names())


@lru_cache(maxsize=512)
def header_key(kind: str, title: str, *, double: bool) -> str:
    """The converter's name of a column: ``relevance`` is ``bind::relevant``, ``caption::x`` ``label::x``."""
    other, columns = _columns(kind)
    _, tokens = process_header(title, double, other, columns)
    return "::".join(str(t) for t in tokens)


def known_headers(kind: str) -> frozenset[str]:
    """Words a column's title may begin with."""
    other, columns = _columns(kind)
    public = {c for c in columns if not c.startswith("_")}
    extra = {
        "bind",
        "control",
        "media",
        "instance",
        "body",
        "disabled",
        "note",
        "hh",
        "intent",
        "label",
        "hint",
    }
    return frozenset({*other, *public, *extra, "save_to"})


def is_known_type(name: str) -> bool:
    """Tell whether the converter knows a type that needs no list."""
    others = aliases._type_alias_map  # noqa: SLF001 -- the table has no other name  # pyright: ignore[reportPrivateUsage]
    return name in QUESTION_TYPE_DICT or name in others or name == "audit"


def type_names() -> tuple[str, ...]:
    """Types to propose."""
    plain = {str(n) for n in QUESTION_TYPE_DICT if " " not in n and ":" not in n}
    return tuple(
        sorted(
            plain
            | {"select_one", "select_multiple", "begin_group", "begin_repeat", "end_group", "end_repeat"}
        )
    )


def is_setting_type(name: str) -> bool:
    """Tell whether a row of the survey is really a setting, as the converter allows."""
    return name in aliases.settings_header


def is_silent(name: str) -> bool:
    """Tell whether a type shows nothing: computed, hidden, or recorded by itself."""
    described = QUESTION_TYPE_DICT.get(name)
    if name in SILENT or described is None:
        return name in SILENT
    return "jr:preload" in described.get("bind", {}) or "control" not in described
