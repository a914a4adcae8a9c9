"""XPath 1.0 with the XForms functions, as JavaRosa reads it: grammar, values, functions, evaluation."""
