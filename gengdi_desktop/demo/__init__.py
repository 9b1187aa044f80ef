"""The sample campaign: its lists, pictures and papers, and the walk through all phases."""
