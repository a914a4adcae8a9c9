"""Write the visit questionnaire: forms/questionnaires/visit/v1/visit.xlsx and the compiled visit.xml.

    .venv/bin/python packaging/visit_form.py

The choices come from the code lists of pack s8, so that answers are codes the records know. The files are
byte for byte the same on every run; tests/questionnaire/test_visit_form.py checks that visit.xml is what the
workbook compiles to.
"""

from __future__ import annotations

import io
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "forms" / "questionnaires" / "visit" / "v1"
CODES = ROOT / "forms" / "packs" / "s8" / "v1" / "codes.toml"

_BORN = datetime(2026, 1, 1, tzinfo=UTC)
_LABEL, _HINT = "label::中文(zh)", "hint::中文(zh)"
COLUMNS = (
    "type",
    "name",
    _LABEL,
    _HINT,
    "required",
    "required_message::中文(zh)",
    "relevant",
    "constraint",
    "constraint_message::中文(zh)",
    "calculation",
    "default",
    "read_only",
    "appearance",
    "parameters",
    "bind::hh:field",
)
_SHORT = dict(
    zip(
        ("req", "reqmsg", "rel", "con", "conmsg", "calc", "default", "ro", "look", "par", "hh", "hint"),
        (
            "required",
            "required_message::中文(zh)",
            "relevant",
            "constraint",
            "constraint_message::中文(zh)",
            "calculation",
            "default",
            "read_only",
            "appearance",
            "parameters",
            "bind::hh:field",
            _HINT,
        ),
        strict=True,
    )
)

ZERO = "没有请填 0"
MONEY = {"con": ". >= 0 and . <= 10000000", "conmsg": "金额不能小于 0，也不应超过一千万元，请核对"}

Row = dict[str, str]
rows: list[Row] = []


def put(kind: str, name: str, label: str = "", **more: str) -> None:
    """Add one row of the survey sheet."""
    row = {"type": kind, "name": name, _LABEL: label}
    row |= {_SHORT[key]: value for key, value in more.items()}
    rows.append(row)


def money(name: str, label: str, field: str, *, must: bool = False, hint: str = "") -> None:
    """Add an amount in yuan a year."""
    more = {**MONEY, "hh": field, "look": "yuan"}
    if must:
        more |= {"req": "yes", "reqmsg": ZERO}
    put("decimal", name, label, **more, **({"hint": hint} if hint else {}))


def number(name: str, label: str, field: str, most: int, look: str = "", **more: str) -> None:
    """Add a whole number between 0 and ``most``."""
    limits = {"con": f". >= 0 and . <= {most}", "conmsg": f"请填 0 到 {most} 之间的整数"}
    put("integer", name, label, hh=field, look=look, **{**limits, **more})


def begin(name: str, label: str, **more: str) -> None:
    """Open a group."""
    put("begin_group", name, label, **more)


def end(what: str = "group") -> None:
    """Close a group or repeat."""
    put(f"end_{what}", "")


def basics() -> None:
    """一、基本情况."""
    begin("basic", "基本情况")
    put(
        "date",
        "visited_on",
        "入户日期",
        req="yes",
        default="today()",
        hh="case.visited_on",
        con=". <= today()",
        conmsg="入户日期不能晚于今天",
    )
    put("text", "respondent", "受访人姓名", req="yes", reqmsg="请填写当面接受询问的人")
    put("text", "village_group", "村民小组", req="yes", hh="household.group")
    put("text", "address", "详细地址", hh="household.address", look="wide")
    put(
        "select_one object_class", "object_class", "监测对象类别", hh="household.object_class", look="minimal"
    )
    put("select_one cause", "main_cause", "主要致贫原因", hh="household.main_cause", look="minimal")
    put(
        "select_multiple cause",
        "other_causes",
        "其他致贫原因",
        hh="household.other_causes",
        con="count-selected(.) <= 2 and not(selected(., ${main_cause}) and ${main_cause} != '')",
        conmsg="最多选 2 项，且不能与主要致贫原因重复",
        hint="最多选 2 项",
    )
    put(
        "select_multiple risk",
        "risks",
        "致贫返贫风险",
        hh="household.risks",
        con="count-selected(.) <= 5",
        conmsg="最多选 5 项",
        hint="最多选 5 项",
    )
    put("acknowledge", "informed", "已向受访人说明来意和用途", req="yes", reqmsg="请先说明来意，再打勾")
    end()


def members() -> None:
    """二、家庭成员."""
    begin("family", "家庭成员")
    put("begin_repeat", "member", "成员")
    put("hidden", "member_id", hh="member.id")
    put("text", "name", "姓名", req="yes", hh="member.name")
    put("select_one relation", "relation", "与户主关系", req="yes", hh="member.relation", look="minimal")
    put("select_one sex", "sex", "性别", hh="member.sex")
    put("date", "born", "出生日期", hh="member.born", con=". <= today()", conmsg="出生日期不能晚于今天")
    put(
        "select_one education",
        "education",
        "文化程度",
        hh="member.education",
        look="minimal",
        rel="${school} = '' or ${school} = '99'",
    )
    put("select_one school", "school", "在校生状况", hh="member.school", look="minimal")
    put(
        "select_multiple health",
        "health",
        "健康状况",
        req="yes",
        hh="member.health",
        con="not(selected(., '1') and count-selected(.) > 1)",
        conmsg="选了“健康”就不能再选其他",
    )
    put("select_one labour", "labour", "劳动技能", req="yes", hh="member.labour", look="minimal")
    put(
        "select_multiple insurance",
        "insurance",
        "参加医疗保险",
        hh="member.insurance",
        con="not(selected(., 'none') and count-selected(.) > 1)"
        " and not(selected(., 'resident_medical') and selected(., 'employee_medical'))",
        conmsg="居民医保和职工医保只能选一样；选了“未参保”就不能再选其他",
    )
    put("select_one pension", "pension", "养老保险", hh="member.pension", look="minimal")
    put(
        "select_one flag",
        "shares_income",
        "共同生活、共享收支",
        hh="member.shares_income",
        default="1",
        hint="计入人均纯收入的人口",
    )
    put("select_one flag", "away", "是否务工", hh="member.away")
    put(
        "text",
        "work_place",
        "务工地点",
        rel="${away} = '1'",
        req="yes",
        hh="member.work_place",
        hint="填到县级，如 广东东莞",
    )
    put(
        "range",
        "work_months",
        "务工月数",
        rel="${away} = '1'",
        par="start=0 end=12 step=1",
        hh="member.work_months",
    )
    put(
        "decimal",
        "monthly_wage",
        "月工资",
        rel="${away} = '1'",
        hh="member.monthly_wage_fen",
        look="yuan",
        con=". >= 0 and . <= 100000",
        conmsg="月工资应在 0 到 100000 元之间",
    )
    put("calculate", "wage_year", calc="coalesce(${work_months}, 0) * coalesce(${monthly_wage}, 0)")
    end("repeat")
    put("calculate", "persons", calc="count(${member}[name != '' and not(shares_income = '0')])")
    end()


def _sum(*names: str) -> str:
    return " + ".join(f"coalesce(${{{name}}}, 0)" for name in names)


WAGE = ("wage_away", "wage_local", "wage_post", "wage_cadre", "wage_other")
OPERATING = ("crops", "livestock_income", "forestry", "own_use", "business")
PROPERTY = ("land_rent", "house_rent", "interest", "dividend")
TRANSFER = (
    "dibao",
    "tekun",
    "pension_income",
    "disability",
    "land_subsidy",
    "forest_subsidy",
    "support_income",
    "industry_subsidy",
    "transfer_other",
)


def income() -> None:
    """三、收入情况."""
    begin("income", "收入情况")
    put("note", "income_note", "以下都填入户前 12 个月的合计，单位元。没有的请填 0。")
    income_earned()
    income_received()
    income_result()
    end()


def income_earned() -> None:
    """Wages and business."""
    begin("income_wage", "工资性收入")
    money(
        "wage_away",
        "外出务工工资",
        "income.wage.wage_away",
        must=True,
        hint="成员务工合计 ${members_wage} 元",
    )
    money("wage_local", "本地务工工资", "income.wage.wage_local", must=True)
    money("wage_post", "公益性岗位工资", "income.wage.wage_post")
    money("wage_cadre", "村组干部报酬", "income.wage.wage_cadre")
    money("wage_other", "其他工资性收入", "income.wage.wage_other")
    put("calculate", "members_wage", calc="sum(${wage_year})")
    end()
    begin("income_operating", "生产经营收入（毛收入）")
    money("crops", "种植业收入", "income.operating.crops", must=True, hint="没卖的按市价折算，也算收入")
    money("livestock_income", "养殖业收入", "income.operating.livestock", must=True)
    money("forestry", "林果业收入", "income.operating.forestry")
    money("own_use", "自产自用折价", "income.operating.own_use")
    money("business", "二三产业经营收入", "income.operating.business")
    money("production", "生产经营支出", "expense.production", must=True, hint="种子、化肥、饲料、雇工等")
    put(
        "note",
        "production_high",
        "生产经营支出 ${production} 元大于经营毛收入 ${total_operating} 元，请再核对一遍。",
        rel="${production} != '' and ${production} > ${total_operating}",
        look="warning",
    )
    end()


def income_received() -> None:
    """Property and transfers."""
    begin("income_property", "财产性收入")
    money("land_rent", "土地流转收入", "income.property.land_rent")
    money("house_rent", "房屋出租收入", "income.property.house_rent")
    money("interest", "利息收入", "income.property.interest")
    money("dividend", "分红收入", "income.property.dividend")
    end()
    begin("income_transfer", "转移性收入")
    money("dibao", "低保金", "income.transfer.dibao", must=True)
    money("tekun", "特困供养金", "income.transfer.tekun")
    money("pension_income", "养老金", "income.transfer.pension", must=True)
    money("disability", "残疾人补贴", "income.transfer.disability")
    money("land_subsidy", "耕地地力保护补贴", "income.transfer.land_subsidy", must=True)
    money("forest_subsidy", "退耕还林和生态补偿", "income.transfer.forest_subsidy")
    money("support_income", "赡养费和抚养费", "income.transfer.support")
    money("industry_subsidy", "产业奖补", "income.transfer.industry_subsidy")
    money("transfer_other", "其他转移性收入", "income.transfer.transfer_other")
    end()


def income_result() -> None:
    """The arithmetic, and what is recorded beside it."""
    put("calculate", "total_wage", calc=_sum(*WAGE))
    put("calculate", "total_operating", calc=_sum(*OPERATING))
    put("calculate", "total_property", calc=_sum(*PROPERTY))
    put("calculate", "total_transfer", calc=_sum(*TRANSFER))
    put("calculate", "production_shown", calc="coalesce(${production}, 0)")
    put(
        "calculate",
        "net",
        calc="${total_wage} + ${total_operating} + ${total_property} + ${total_transfer}"
        " - ${production_shown}",
    )
    put("calculate", "head", calc="if(${persons} > 0, round(${net} div ${persons}, 2), '')")
    begin("income_result", "核算结果")
    put(
        "decimal",
        "net_income",
        "家庭纯收入",
        ro="yes",
        look="live yuan",
        calc="${net}",
        hint="${total_wage}＋${total_operating}＋${total_property}＋${total_transfer}－${production_shown}",
    )
    put(
        "decimal",
        "per_head",
        "人均纯收入",
        ro="yes",
        look="live yuan",
        hh="derived.income_per_head",
        calc="${head}",
        hint="${net} ÷ ${persons} 人",
    )
    end()
    begin("income_apart", "不计入纯收入的款项")
    money("temporary_aid", "临时救助", "income.transfer.temporary_aid")
    money("medical_refund", "医疗费用报销", "income.transfer.medical_refund")
    money("student_aid", "助学金", "income.transfer.student_aid")
    money("insurance_payout", "保险理赔", "income.payout.insurance_payout")
    end()


def expense() -> None:
    """四、支出情况."""
    begin("expense", "支出情况")
    put("note", "expense_note", "以下都填入户前 12 个月的合计，单位元。没有的请填 0。")
    money("medical", "合规自付医疗支出", "expense.medical", must=True, hint="报销以后自己付的")
    money("education_cost", "教育支出", "expense.education", must=True)
    money("housing_cost", "住房支出", "expense.housing")
    money("support_cost", "赡养抚养支出", "expense.support")
    money("debt", "债务偿还", "expense.debt")
    money("gift_cost", "人情婚丧支出", "expense.gift")
    money("other_cost", "其他支出", "expense.other")
    end()


def housing() -> None:
    """五、住房饮水."""
    begin("housing", "住房饮水")
    begin("house", "住房")
    put(
        "select_one house_structure",
        "house_structure",
        "住房结构",
        req="yes",
        look="minimal",
        hh="conditions.house_structure",
    )
    has = "${house_structure} != '' and ${house_structure} != 'none'"
    put(
        "integer",
        "house_built",
        "建房年份",
        rel=has,
        hh="conditions.house_built",
        look="year",
        con=". >= 1900 and . <= number(format-date(today(), '%Y'))",
        conmsg="请填四位年份，如 1998",
    )
    put(
        "decimal",
        "house_area",
        "住房面积",
        rel=has,
        hh="conditions.house_area_dm2",
        look="m2",
        con=". > 0 and . <= 2000",
        conmsg="住房面积应在 0 到 2000 平方米之间",
    )
    put("select_one house_grade", "house_grade", "住房等级", rel=has, req="yes", hh="conditions.house_grade")
    put(
        "select_one flag",
        "house_safe",
        "住房是否安全",
        req="yes",
        hh="conditions.house_safe",
        con="not(. = '1' and (${house_grade} = 'C' or ${house_grade} = 'D'))",
        conmsg="C、D 级是危房；另有安全住房的，请在备注里写明后改住房等级",
    )
    put("image", "house_photo", "住房照片", hh="attachment.house")
    end()
    begin("water", "饮水")
    put(
        "select_one water_source",
        "water_source",
        "饮水来源",
        req="yes",
        look="minimal",
        hh="conditions.water_source",
    )
    put("select_one flag", "water_safe", "饮水是否安全", req="yes", hh="conditions.water_safe")
    off = "${water_source} != '' and ${water_source} != 'tap'"
    number("water_distance", "取水距离", "conditions.water_distance_m", 20000, "metre", rel=off)
    number("water_minutes", "取水往返时间", "conditions.water_minutes", 600, "minute", rel=off)
    end()
    begin("living", "生活设施")
    put("select_one flag", "electricity", "通生活用电", req="yes", hh="conditions.electricity")
    put("select_one flag", "broadcast", "能收看广播电视", hh="conditions.broadcast")
    put("select_one road_type", "road_type", "入户路类型", look="minimal", hh="conditions.road_type")
    put("select_one toilet", "toilet", "厕所类型", look="minimal", hh="conditions.toilet")
    put(
        "select_multiple fuel",
        "fuel",
        "主要燃料",
        hh="conditions.fuel",
        hint="最多选 3 项",
        con="count-selected(.) <= 3",
        conmsg="最多选 3 项",
    )
    end()
    end()


def schooling() -> None:
    """六、教育医疗."""
    begin("schooling", "教育医疗")
    number(
        "education_dropouts",
        "义务教育阶段失学辍学人数",
        "conditions.education_dropouts",
        20,
        "person",
        req="yes",
        reqmsg=ZERO,
    )
    number(
        "medical_uninsured",
        "未参加基本医保人数",
        "conditions.medical_uninsured",
        30,
        "person",
        req="yes",
        reqmsg=ZERO,
    )
    put(
        "select_one flag",
        "medical_problem",
        "大病、慢病看病有困难",
        req="yes",
        hh="conditions.medical_problem",
    )
    put(
        "text",
        "medical_note",
        "具体情况",
        rel="${medical_problem} = '1'",
        req="yes",
        look="multiline",
        reqmsg="请写明谁、什么困难",
    )
    end()


def food() -> None:
    """七、吃穿和家产."""
    begin("food_clothes", "吃穿家产")
    put(
        "select_one flag",
        "food",
        "不愁吃",
        req="yes",
        hh="conditions.food",
        hint="主食有保障，能适当吃到肉蛋奶豆",
    )
    put("select_one flag", "clothing", "不愁穿", req="yes", hh="conditions.clothing", hint="四季有换洗衣被")
    land = {"con": ". >= 0 and . <= 1000", "conmsg": "面积应在 0 到 1000 亩之间", "look": "mu"}
    put("decimal", "farmland", "耕地面积", hh="conditions.farmland", **land)
    put("decimal", "woodland", "林地面积", hh="conditions.woodland", **land)
    number("livestock", "牲畜存栏", "conditions.livestock", 100000, "head")
    number("poultry", "家禽存栏", "conditions.poultry", 1000000, "fowl")
    end()


def verdict() -> None:
    """八、核查结论."""
    begin("verdict", "核查结论")
    put(
        "note",
        "verdict_note",
        "按本表核算，家庭纯收入 ${net} 元，${persons} 人，人均纯收入 ${head} 元。请当面念给受访人听。",
    )
    put("text", "neighbour", "邻居或知情人姓名")
    put("select_one neighbour", "neighbour_opinion", "邻居或知情人意见", req="yes")
    put(
        "text",
        "neighbour_words",
        "不属实的说明",
        rel="${neighbour_opinion} = 'untrue'",
        req="yes",
        look="multiline",
    )
    put("range", "certainty", "核查把握程度", par="start=1 end=5 step=1", hint="1 很没把握，5 很有把握")
    put("text", "remark", "备注", hh="conditions.notes", look="multiline")
    put("text", "investigator1", "调查人一", req="yes", hh="case.investigator1_name")
    put(
        "text",
        "investigator2",
        "调查人二",
        req="yes",
        hh="case.investigator2_name",
        con=". != ${investigator1}",
        conmsg="两名调查人不能是同一个人",
    )
    put(
        "acknowledge",
        "signed",
        "受访人已签字或按手印",
        req="yes",
        reqmsg="请受访人签字后打勾",
        hh="case.household_signed",
    )
    put(
        "date",
        "signed_on",
        "签字日期",
        req="yes",
        con=". <= today() and . >= ${visited_on}",
        conmsg="签字日期应在入户日期之后、今天之前（含当天）",
    )
    put("image", "scene_photo", "入户现场照片", hh="attachment.scene")
    end()


def choices() -> list[Row]:
    """Codes still valid, of the lists that the survey names."""
    lists = tomllib.loads(CODES.read_text(encoding="utf-8"))
    wanted = {r["type"].split()[1] for r in rows if r["type"].startswith("select_")}
    found: list[Row] = []
    for name in sorted(wanted - {"neighbour"}):
        found.extend(
            {"list_name": name, "name": code["code"], _LABEL: code["label"]}
            for code in lists[name]["codes"]
            if "valid_to" not in code
        )
    for code, label in (("true", "情况属实"), ("untrue", "有出入"), ("unclear", "不清楚")):
        found.append({"list_name": "neighbour", "name": code, _LABEL: label})
    return found


def _sheet(book: Workbook, title: str, columns: tuple[str, ...], lines: list[Row]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(columns)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
    for line in lines:
        sheet.append([line.get(column, "") or None for column in columns])
    sheet.freeze_panes = "C2"
    widths = (26, 20, 30, 30, 9, 22, 30, 40, 40, 40, 10, 9, 14, 20, 30)
    for letter, width in zip("ABCDEFGHIJKLMNO", widths, strict=True):
        sheet.column_dimensions[letter].width = width


def workbook() -> bytes:
    """The workbook's bytes, the same on every run."""
    rows.clear()
    for section in (basics, members, income, expense, housing, schooling, food, verdict):
        section()
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", COLUMNS, rows)
    _sheet(book, "choices", ("list_name", "name", _LABEL), choices())
    settings = {
        "form_title": "入户核查表",
        "form_id": "visit",
        "version": "1",
        "default_language": "中文(zh)",
        "style": "pages",
        "namespaces": 'hh="http://babutong/household"',
    }
    _sheet(book, "settings", tuple(settings), [settings])
    book.properties.creator = "babutong"
    book.properties.created = book.properties.modified = _BORN.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue())


def _steady(data: bytes) -> bytes:
    """The same archive with fixed times in it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            body = source.read(name)
            if name == "docProps/core.xml":
                body = body.replace(_modified(body), b"2026-01-01T00:00:00Z")
            target.writestr(info, body)
    return out.getvalue()


def _modified(body: bytes) -> bytes:
    start = body.index(b"<dcterms:modified")
    start = body.index(b">", start) + 1
    return body[start : body.index(b"<", start)]


def main() -> None:
    """Write both files."""
    sys.path.insert(0, str(ROOT))
    from app.questionnaire.compile import compile_workbook

    data = workbook()
    compiled = compile_workbook(data, "visit.xlsx")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "visit.xlsx").write_bytes(data)
    (FOLDER / "visit.xml").write_text(compiled.xform_xml, encoding="utf-8")
    for warning in compiled.warnings:
        print(warning)


if __name__ == "__main__":
    main()
