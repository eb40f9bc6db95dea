"""What is entered here, or pushed by another system, and is not in the store yet (`kept.web.entered.rows`)."""
