"""A synthetic form with every kind of question there is, and pictures for it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

ALL_TYPES = """
| survey |
|  | type | name | label::中文(zh) | label::English(en) | hint::中文(zh) | guidance_hint::中文(zh) | appearance | required | relevant | constraint | constraint_message::中文(zh) | calculation | read_only | parameters | choice_filter | repeat_count | default | media::image |
|  | begin_group | texts | 文字和数字 | Text | 第一节 |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | note | hello | 您好，**${line}**，请如实填写。*斜体*，<span style="color:red">红字</span>。 | Hello |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | text | line | 姓名 | Name | 写身份证上的名字 | 名字以身份证为准。\\n没有身份证的，以户口簿为准。 |  | yes |  |  |  |  |  |  |  |  |  |  |
|  | text | phone | 联系电话 | Phone |  |  | numbers |  |  |  |  |  |  |  |  |  |  |  |
|  | text | secret | 口令 | Secret |  |  | masked |  |  |  |  |  |  |  |  |  |  |  |
|  | text | story | 家庭情况 | Story |  |  | multiline |  |  |  |  |  |  |  |  |  |  |  |
|  | integer | people | 家庭人口 | People |  |  | person | yes |  | . < 30 | 人口不会超过 30 人，请核对 |  |  |  |  |  |  |  |
|  | decimal | wage | 上一年全家外出务工取得的工资性收入合计 | Wage | 没有填 0 |  | yuan |  |  |  |  |  |  |  |  |  |  |  |
|  | decimal | total | 人均收入 | Income per head | 工资 ÷ 人口 |  | yuan hh-total |  |  |  |  | if(${people} > 0, ${wage} div ${people}, '') | yes |  |  |  |  |  |
|  | text | readonly | 登记编号 | Number |  |  |  |  |  |  |  | concat('A-', ${people}) | yes |  |  |  |  |  |
|  | barcode | code | 条码 | Barcode |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_group | chosen | 选择 | Choices |  |  | field-list |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one yn | yes | 是否住在本村 | Lives here |  |  |  | yes |  |  |  |  |  |  |  |  |  |  |
|  | select_one five | level | 满意程度 | How content |  |  | columns-5 |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one five | same | 排成等宽的列 | Columns |  |  | columns |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one five | short | 收在清单里 | Minimal |  |  | minimal |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one village | village | 所在村 | Village |  |  | autocomplete |  |  |  |  |  |  |  |  |  |  |  |
|  | select_multiple many | causes | 主要困难（可多选） | Hardships | 最多选 3 项 |  |  |  |  | count-selected(.) <= 3 | 最多选 3 项 |  |  |  |  |  |  |  |
|  | select_multiple many | folded | 多选清单 | Folded |  |  | minimal |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one town | town | 乡镇 | Town |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | select_one hamlet | hamlet | 村民小组 | Hamlet |  |  |  |  |  |  |  |  |  |  | town = ${town} |  |  |  |
|  | select_one roof | roof | 房顶是哪一种 | Roof |  |  |  |  |  |  |  |  |  |  |  |  |  | house.png |
|  | acknowledge | agreed | 已告知用途 | Agreed |  |  |  | yes |  |  |  |  |  |  |  |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_group | others | 日期、位置和文件 | Others |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | date | day | 日期 | Day |  |  |  |  |  | . <= today() | 不能晚于今天 |  |  |  |  |  |  |  |
|  | date | month | 月份 | Month |  |  | month-year |  |  |  |  |  |  |  |  |  |  |  |
|  | date | year | 年份 | Year |  |  | year |  |  |  |  |  |  |  |  |  |  |  |
|  | time | clock | 时间 | Time |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | dateTime | moment | 日期和时间 | Moment |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | geopoint | place | 位置 | Place |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | range | slider | 把握程度 | Certainty |  |  |  |  |  |  |  |  |  | start=1 end=10 step=1 |  |  |  |  |
|  | range | picked | 务工月数 | Months |  |  | picker |  |  |  |  |  |  | start=0 end=12 step=1 |  |  |  |  |
|  | image | photo | 房屋照片 | Photo |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | file | paper | 附件 | Paper |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_group | rows | 家庭成员 | Members |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_repeat | member | 成员 | Member |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | text | name | 姓名 | Name |  |  |  | yes |  |  |  |  |  |  |  |  |  |  |
|  | select_one yn | works | 是否务工 | Works |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_repeat | job | 务工经历 | Job |  |  |  |  | ${works} = 'y' |  |  |  |  |  |  |  |  |  |
|  | text | where | 地点 | Where |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | integer | months | 月数 | Months |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | end_repeat |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | end_repeat |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | integer | plots | 地块数 | Plots |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_repeat | plot | 地块 | Plot |  |  |  |  |  |  |  |  |  |  |  | ${plots} |  |  |
|  | decimal | area | 面积 | Area |  |  | mu |  |  |  |  |  |  |  |  |  |  |  |
|  | end_repeat |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | begin_group | foreign | 手机上才能填的题 | Elsewhere |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | audio | sound | 录音 | Sound |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | video | film | 录像 | Film |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | rank five | order | 排序 | Order |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | geotrace | line_walked | 路线 | Line |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | geoshape | field_shape | 地块边界 | Shape |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
|  | image | signed | 签名 | Signature |  |  | signature |  |  |  |  |  |  |  |  |  |  |  |
|  | image | drawn | 草图 | Sketch |  |  | draw |  |  |  |  |  |  |  |  |  |  |  |
|  | end_group |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
| choices |
|  | list_name | name | label::中文(zh) | label::English(en) | town | media::image |
|  | yn | y | 是 | Yes |  |  |
|  | yn | n | 否 | No |  |  |
|  | five | a | 很好 | Very good |  |  |
|  | five | b | 好 | Good |  |  |
|  | five | c | 一般 | Fair |  |  |
|  | five | d | 差 | Bad |  |  |
|  | five | e | 很差 | Very bad |  |  |
|  | village | v1 | 王家湾村 | Wangjiawan |  |  |
|  | village | v2 | 李家坝村 | Lijiaba |  |  |
|  | village | v3 | 石板滩村 | Shibantan |  |  |
|  | village | v4 | 青龙山村 | Qinglongshan |  |  |
|  | village | v5 | 白沙河村 | Baishahe |  |  |
|  | village | v6 | 龙泉湾村 | Longquanwan |  |  |
|  | village | v7 | 新桥村 | Xinqiao |  |  |
|  | village | v8 | 大竹林村 | Dazhulin |  |  |
|  | village | v9 | 双河口村 | Shuanghekou |  |  |
|  | many | edu | 因学 | School |  |  |
|  | many | ill | 因病 | Illness |  |  |
|  | many | land | 缺土地 | Land |  |  |
|  | many | work | 缺劳力 | Labour |  |  |
|  | many | road | 交通条件落后 | Road |  |  |
|  | town | t1 | 东乡 | East |  |  |
|  | town | t2 | 西乡 | West |  |  |
|  | hamlet | h1 | 一组 | First | t1 |  |
|  | hamlet | h2 | 二组 | Second | t1 |  |
|  | hamlet | h3 | 三组 | Third | t2 |  |
|  | roof | tile | 瓦 | Tile |  | tile.png |
|  | roof | mud | 泥 | Mud |  | mud.png |
| settings |
|  | form_title | form_id | version | default_language |
|  | 全部题型 | all_types | 1 | 中文(zh) |
"""

ANSWERS = {
    "texts/line": "王秀兰",
    "texts/phone": "09990100",
    "texts/secret": "abc",
    "texts/story": "一家四口，两人在外务工。",
    "texts/people": "4",
    "texts/wage": "18600",
    "texts/code": "6901234567892",
    "chosen/yes": "y",
    "chosen/level": "b",
    "chosen/same": "c",
    "chosen/short": "a",
    "chosen/village": "v3",
    "chosen/causes": "edu ill",
    "chosen/folded": "land work",
    "chosen/town": "t1",
    "chosen/hamlet": "h2",
    "chosen/roof": "tile",
    "chosen/agreed": "OK",
    "others/day": "2026-10-05",
    "others/month": "2026-10-01",
    "others/year": "2026-01-01",
    "others/clock": "09:30:00.000+08:00",
    "others/moment": "2026-10-05T09:30:00.000+08:00",
    "others/place": "30.6578 104.0658 500.0 4.0",
    "others/slider": "7",
    "others/picked": "10",
    "others/photo": "house.png",
    "others/paper": "证明.pdf",
    "foreign/sound": "r.m4a",
    "foreign/film": "r.mp4",
    "foreign/order": "c b a d e",
    "foreign/line_walked": "30.1 104.1 0.0 0.0; 30.2 104.2 0.0 0.0",
    "foreign/field_shape": "30.1 104.1 0.0 0.0; 30.2 104.2 0.0 0.0; 30.2 104.1 0.0 0.0; 30.1 104.1 0.0 0.0",
    "foreign/signed": "s.png",
    "foreign/drawn": "d.png",
}
"""An answer for each question outside of rows, as the engine keeps it."""

_COLOURS = {"house.png": "#8A6D3B", "tile.png": "#7A3B2E", "mud.png": "#B08D57"}


def picture(name: str) -> bytes:
    """A small picture of the form's, by the name it or an answer gives; empty for others."""
    colour = _COLOURS.get(name.rpartition("/")[2])
    if colour is None:
        return b""
    image = QImage(240, 150, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())
