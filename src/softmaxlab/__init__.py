"""The code of the course From Pixels to Probabilities."""
