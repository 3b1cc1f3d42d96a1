"""The pages about records of people."""
