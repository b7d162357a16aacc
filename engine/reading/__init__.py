"""What a person makes of a result: measures, ambiguous regions to review, corrections and decisions, kept per image."""
