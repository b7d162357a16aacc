"""What the computer offers: the device that computes, memory, and the files that come with the program."""
