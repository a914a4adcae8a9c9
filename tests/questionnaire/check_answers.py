"""Answers that finish the township's re-visit: everything agrees."""

from __future__ import annotations

_ITEMS = ("members", "income", "living", "house", "water", "school", "medical", "visited", "knows")

ANSWERS: dict[str, str] = {
    "basic/way": "home",
    "basic/respondent": "吴福生",
    "basic/checker1": "周建华",
    "basic/checker2": "吴晓燕",
    **{f"items/{item}": "agrees" for item in _ITEMS},
    "result/sample_result": "consistent",
    "result/check_opinion": "情况属实，同意上报",
    "result/signed": "OK",
}
