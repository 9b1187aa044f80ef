"""Tables that others wrote, as cells with addresses: read in a child process, and nothing known of plots."""
