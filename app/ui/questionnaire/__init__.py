"""A questionnaire on the screen."""
