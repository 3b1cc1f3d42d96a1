"""The pages of reorganisations: lists and drafts, the rehearsal, and the acts upon it."""
