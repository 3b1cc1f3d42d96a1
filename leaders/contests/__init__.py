"""Congresses and elections: planning a term, recording what came out, and who comes into office by it."""
