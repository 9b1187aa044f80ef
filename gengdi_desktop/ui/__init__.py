"""The window: the only place with Qt; it shows what the services say and holds no rule."""
