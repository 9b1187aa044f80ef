"""The command line: one thin function for each command, text or JSON out, no rule of its own."""
