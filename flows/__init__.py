"""When it happens: thin Prefect flows, deployments and the command line."""
