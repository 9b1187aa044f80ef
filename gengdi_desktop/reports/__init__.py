"""What leaves on paper: content model, frozen snapshot, renderers, freezing, signing, handing in, exports."""
