"""What happens to a post: from landing to report."""
