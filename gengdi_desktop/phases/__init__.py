"""States in motion: actions with their guards, progress sheets, the village's form."""
