"""Pages of congresses and elections on which a commune enters, and the plan of a term."""
