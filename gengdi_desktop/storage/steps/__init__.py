"""Schema steps: frozen SQL by version, which import nothing of ours and never change once released."""
