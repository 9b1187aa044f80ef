"""Coordinates, zones and shapes as files give them; nothing about plots."""
