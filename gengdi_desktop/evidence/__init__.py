"""Photos and papers: kept by their hash, attached to a plot and stage, verified whenever they are read."""
