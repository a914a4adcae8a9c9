"""Two versions of a small form with a roster, and a submission of the first with what other programs add."""

from __future__ import annotations

from tests.questionnaire.forms import form_of

OLD = form_of("""
| survey |
| | type | name | label | calculation | relevant | bind::hh:field |
| | end | end | | | | |
| | text | who | 姓名 | | | household.address |
| | integer | a | 甲 | | | |
| | calculate | twice | | ${a} * 2 | | |
| | note | told | ${who} 请看 | | | |
| | begin group | place | 住处 | | | |
| | text | note | 说明 | | ${a} > 2 | |
| | text | left | 去向 | | ${a} > 4 | |
| | end group | | | | | |
| | begin repeat | m | 成员 | | | |
| | text | mid | 号 | | | member.id |
| | text | name | 名 | | | member.name |
| | integer | age | 龄 | | | |
| | text | school | 校 | | ${age} < 18 | |
| | end repeat | | | | | |
| | select_one yn | ok | 好吗 | | | |
| | select_multiple yn | both | 都有哪些 | | | |
| choices |
| | list_name | name | label |
| | yn | y | 是 |
| | yn | n | 否 |
| settings |
| | form_id | version | namespaces |
| | f | 1 | hh="http://babutong/household" |
""")

NEW = form_of("""
| survey |
| | type | name | label | constraint | required | bind::hh:field |
| | begin group | g | 组 | | | |
| | text | who2 | 姓名 | | | household.address |
| | end group | | | | | |
| | integer | fresh | 新问题 | | yes | |
| | begin repeat | people | 成员 | | | |
| | text | mid | 号 | | | member.id |
| | text | name | 名 | | | member.name |
| | end repeat | | | | | |
| | date | a | 甲 | | | |
| | integer | twice | 倍 | . < 6 | | |
| | select_one yn | ok | 好吗 | | | |
| | select_multiple yn | both | 都有哪些 | | | |
| choices |
| | list_name | name | label |
| | yn | n | 否 |
| settings |
| | form_id | version | namespaces |
| | f | 2 | hh="http://babutong/household" |
""")

SUBMISSION = """<?xml version='1.0' encoding="utf-8"?>
<!-- from another program -->
<data xmlns:jr="http://openrosa.org/javarosa" xmlns:x="urn:x" id='f' version="1" x:extra="1">
  <formhub><uuid>abc</uuid></formhub>
  <who >王</who>
  <a>3</a><twice>6</twice>
  <place><note>靠河</note></place>
  <m jr:template=""><mid/><name/></m>
  <m x='1'><mid/><name>甲</name><age>20</age></m>
  <m x='2'><mid/><name>乙</name><age>9</age><school><![CDATA[小学]]></school></m>
  <ok>y</ok><both>y n</both>
  <__version__>v7</__version__>
  <meta><instanceID>uuid:1</instanceID></meta>
</data>
""".encode()
