"""Does a post really speak of the organisation? Queries, what to search for, and precision."""
