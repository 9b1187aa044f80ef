"""SQLite and its journal: driver, tables, unit of work, recorder, replay, schema steps; knows no rule of land."""
