"""Words the synthetic people are made of; data only, no real person is meant."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES: Final = ("欧阳", "上官", "诸葛", "司马")
MALE_GIVEN: Final = (
    "伟强军勇杰涛明超刚平辉鹏飞斌波林海山福贵生财才德兴旺根宝全发有志国民华龙虎成亮红建富忠义良顺文武"
)
FEMALE_GIVEN: Final = "芳娜敏静秀丽娟英华玉萍红梅兰桂香珍莲菊花琴云霞凤翠彩芬琼春仙巧慧燕雪蓉淑月娥莉银琳"
RARE_GIVEN: Final = ("䶮", "㛃", "𬭚")
MINORITIES: Final = (
    (
        "07",
        "{family}·{given}",
        ("吉克", "沙马", "阿的", "曲比", "吉木", "马海"),
        ("阿木", "拉且", "古哈", "木呷", "尔哈", "伍呷", "拉铁", "子布"),
        ("阿依", "尔作", "妞妞", "阿洛", "阿果", "尔西", "阿呷", "伍牛"),
    ),
    (
        "05",
        "{given}·{family}",
        ("买买提", "艾合麦提", "吐尔逊", "阿不都拉"),
        ("艾力", "玉素甫", "卡德尔", "热合曼", "库尔班", "依明"),
        ("古丽", "阿依古丽", "帕提古丽", "热依汗", "米日古丽", "阿米娜"),
    ),
)
"""Names with a separator: ethnicity code, pattern, family names, given names of men and of women."""

GROUP: Final = "{n}组"
ADDRESS: Final = "{group}{number}号"
WORK_PLACES: Final = ("本县县城", "邻县工业园", "省城建筑工地", "沿海电子厂", "本乡合作社", "外省家具厂")

ITEMS: Final = {
    "wage_away": ("wage", "外出务工工资", 1),
    "wage_local": ("wage", "本地务工工资", 1),
    "wage_post": ("wage", "公益性岗位工资", 1),
    "crops": ("operating", "种植业收入", 1),
    "livestock": ("operating", "养殖业收入", 1),
    "land_rent": ("property", "土地流转收入", 1),
    "dividend": ("property", "分红收入", 1),
    "land_subsidy": ("transfer", "耕地地力保护补贴", 1),
    "pension": ("transfer", "养老金", 1),
    "dibao": ("transfer", "低保金", 1),
    "disability": ("transfer", "残疾人补贴", 1),
    "student_aid": ("transfer", "助学金", 0),
    "medical_refund": ("transfer", "医疗费用报销", 0),
    "insurance_payout": ("payout", "保险理赔", 0),
}
"""Income items by code: category, label, whether they count; as in the code list ``income_item``."""

EXPENSES: Final = {
    "production": "种子化肥饲料",
    "medical": "门诊和住院自付",
    "education": "学杂费和生活费",
    "gift": "人情往来",
    "debt": "偿还建房借款",
}
"""Expense names by category."""
