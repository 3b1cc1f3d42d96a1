"""Figures that people speak about: quoted by a short code, reported as wrong."""
