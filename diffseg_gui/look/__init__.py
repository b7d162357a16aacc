"""How the program looks: theme, icons, and the pieces that panels are built from."""
