"""A figure of the report for a paper: its picture, the numbers drawn, and a LaTeX table."""
