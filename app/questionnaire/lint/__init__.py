"""The linter of questionnaire workbooks: every problem at once, with sheet, row, column and what to do.

checked = check_workbook(data, "visit.xlsx", media)      # app.questionnaire.lint.check
checked.findings, checked.publishable, checked.xform_xml
repaired = apply_fixes(data, fixes)                      # app.questionnaire.lint.repair
"""
