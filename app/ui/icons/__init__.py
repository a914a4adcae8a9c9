"""Our own line icons, drawn from SVG files."""
