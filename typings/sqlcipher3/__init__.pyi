# Only what the program uses. The library is the standard one's own code with a cipher below.
