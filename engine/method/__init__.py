"""The method of the paper: noise, differences, votes, refinement, probability. It knows no files and no screen."""
