"""Data that ships: policy packs and questionnaires. A published version folder never changes."""
