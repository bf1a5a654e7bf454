"""What the shell can do with spreadsheets: `veche import`, `veche export`, `veche undo`."""
