"""The pages of the review that the province opens, runs and reads."""
