"""One file or folder for each thing that the program can do; none of them knows the window, or another's inside."""
