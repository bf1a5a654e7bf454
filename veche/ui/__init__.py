"""Page frame, components, fragments, registries of what the frame shows, islands, styles. Knows no room above."""
