"""Ways to run Luister on a machine of its own."""
