"""Papers on their way out: short ones at once, long ones by the worker; issued under a number."""
