"""The county's desk: the inbox, who has handed in, totals that tie out, what stands in two townships."""
