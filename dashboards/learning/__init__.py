"""Pages of training and commendations: courses, who never had one, commendations, proposals from years running."""
