"""The typesetting kit every paper is made with: fonts, text, pages, tables."""
