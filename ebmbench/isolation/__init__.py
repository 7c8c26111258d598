"""Components' code, kept from doing harm to what calls it."""
