"""What comes in by packages: judged, compared with what stands here, taken in as one entry."""
