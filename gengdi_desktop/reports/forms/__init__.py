"""Forms of single plots on paper: the dossier, forms to be signed, sheets for the field."""
