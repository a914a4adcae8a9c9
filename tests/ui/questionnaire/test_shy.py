"""What others must not read over the shoulder."""

from __future__ import annotations

from tests.questionnaire.forms import engine_of
from tests.ui.questionnaire.looking import field


def test_an_identity_number_is_covered_while_the_cursor_is_elsewhere(open_view, qtbot):
    table = """
    | survey |
    |        | type | name | label  | bind::hh:field |
    |        | text | name | 姓名   | member.name |
    |        | text | no   | 证件号 | member.id_number |
    | settings |
    |        | namespaces |
    |        | hh="http://babutong/household" |
    """
    view = open_view(engine_of(table))
    view.answer("/data/no", "99010119800307007X")
    view.focus_first()
    line = field(view, "/data/no").editor.line
    qtbot.waitUntil(lambda: not line.hasFocus())
    assert (line.echoMode(), "99010119800307007X" in line.displayText()) == (line.EchoMode.Password, False)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert line.displayText() == "99010119800307007X"
    view.focus_first()
    qtbot.waitUntil(lambda: line.echoMode() == line.EchoMode.Password)
    assert view.engine.at("/data/no")[0].stored == "99010119800307007X"
