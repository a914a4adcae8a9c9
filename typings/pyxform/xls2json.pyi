import re

RE_BEGIN_CONTROL: re.Pattern[str]
RE_END_CONTROL: re.Pattern[str]
RE_SELECT: re.Pattern[str]
