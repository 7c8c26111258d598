"""What figures show, before they are drawn: no matplotlib is needed to tell which there are."""
