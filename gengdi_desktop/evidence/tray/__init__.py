"""The tray (待归位): files that were taken in and name no plot yet."""
