"""Targets of resolutions: what is asked for, what is done, what is still needed and by when."""
