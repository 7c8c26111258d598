"""The report's pictures: what is to be drawn, which needs no matplotlib, and the drawing."""
