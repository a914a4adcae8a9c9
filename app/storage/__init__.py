"""Storage: SQLAlchemy over SQLCipher, the journal and its projections."""
