"""Runs recorded cases of other engines against ours: expressions, traces of filled forms, workbooks.

Cases come as parsed JSON; reading the folder is the business of the command ``form cases``. A case is judged
by what it holds alone: its id goes into the report and nowhere else.
"""
