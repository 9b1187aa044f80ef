"""This computer: paths, settings, clock, logs, atomic files, locks, resources, child processes."""
