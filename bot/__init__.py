"""Everything between a person's phone and the database."""
