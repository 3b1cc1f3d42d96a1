"""Courses with those who take part, and commendations: recording them, and finding people by a pasted list."""
