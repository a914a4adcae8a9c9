"""The renderer of questionnaires: ``QuestionnaireView`` over an ``Engine``."""
