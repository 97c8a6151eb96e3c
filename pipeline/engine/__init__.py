"""Apache Spark in place of DuckDB for what grows with the posts: the models, and reading texts.

DuckDB stays the one place where posts are merged and from which numbers are published; what Spark
is handed and what it hands back are Parquet files.
"""
