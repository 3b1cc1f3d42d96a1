"""What the pages of reorganisations ask: of an event, of a line of each kind, of an act."""
