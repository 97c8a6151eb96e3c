"""Where posts come from: one module a platform."""
