"""Questionnaires from XLSForm workbooks, pure: compile, load, fill in, read out.

compiled = compile_workbook(data, "visit.xlsx")          # pyxform, only when a workbook changes
form = load_form(compiled.xform_xml, media)              # cheap; the model is shared
engine = Engine(form, now)                               # or Engine(form, now, draft_xml)
prefill(engine, {"household.group": "三组"}, {"member": [{"id": …, "name": …}]})
engine.answer(engine.at("/data/income/wage_away")[0], "18600")
errors(engine); core_fields(engine); engine.to_xml()
"""
