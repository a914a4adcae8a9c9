# Only what the program uses; the library brings no types.
from xlsxwriter.workbook import Workbook as Workbook
