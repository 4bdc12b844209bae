"""The columnar copy of a program: Parquet files that DuckDB and Spark read through Ibis."""
